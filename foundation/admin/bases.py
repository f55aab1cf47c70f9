"""The bases of all admins. Each is a flat list of mixins, so that a class shows what it is made of."""

from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from foundation.admin.history import HistoryPages
from foundation.admin.list_filter import FilterSetListFilter
from foundation.admin.lists import UncountedList
from foundation.admin.permissions import ReadOnly
from foundation.admin.saved_views_pages import SavedViewsPages
from foundation.admin.search import CheckedSearch

__all__ = ["LINK", "BaseAdmin", "FilterSetListFilter", "HistoryAdmin", "LargeListAdmin", "ReadOnlyAdmin"]

LINK = "text-primary-600 dark:text-primary-500"  # a link in a table looks like text without these classes


class BaseAdmin(CheckedSearch, ModelAdmin):
    """The base of every admin: Unfold's look, and no errors for impossible searches."""


class HistoryAdmin(HistoryPages, SimpleHistoryAdmin, BaseAdmin):
    """An admin with the pages of an object's history."""


class LargeListAdmin(SavedViewsPages, UncountedList, BaseAdmin):
    """An admin whose list may be large."""


class ReadOnlyAdmin(ReadOnly, SavedViewsPages, UncountedList, BaseAdmin):
    """An admin with a large list in which nothing can be changed."""

"""What the admin of every app is made of."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from foundation.admin.changelist import UncountedChangeList
from foundation.admin.list_filter import FilterSetListFilter
from foundation.admin.record_words import RecordWords
from foundation.admin.saved_views_admin import SavedViewsAdmin
from foundation.ids import id_in

__all__ = ["FilterSetListFilter", "HistoryAdmin", "LargeListAdmin", "ReadOnlyAdmin", "StaffAdmin"]

LINK = "text-primary-600 dark:text-primary-500"  # a link in a table looks like text without these classes


admin.site.index_title = _("Home")
admin.site.unregister([get_user_model(), Group])


@admin.register(get_user_model())
class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    """Whoever has acted stays on record: staff that leave are made inactive.

    Django would take a deleted user's name out of the history, which the application's role must not change
    and the events contradict.
    """

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin, ModelAdmin):
    """Groups as Django has them, in the admin's dress."""


class LargeListAdmin(SavedViewsAdmin):
    """The list of a table that may be large: uncounted, in the one order that an index gives."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would be a count of the whole table
    list_per_page = 50
    sortable_by: Sequence[str] = ()
    what_would_be_here: ClassVar[Any] = ""  # said by an empty list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedChangeList]:
        return UncountedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the lookups of the list's own filters.

        Django allows any on a field of the model: what pages hide, a printer's key or a client's phone, could
        be guessed letter by letter.
        """
        try:
            field = self.opts.get_field(lookup.split("__")[0])
        except FieldDoesNotExist:
            return True  # a filter's own parameter, or none, which Django refuses
        return field.name in self.list_filter

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Act on the rows that were ticked, and never on all that the filters would find."""
        ticked = request.POST.copy()
        ticked.pop("select_across", None)
        ids = [each for each in ticked.getlist(ACTION_CHECKBOX_NAME) if id_in(each) is not None]
        ticked.setlist(ACTION_CHECKBOX_NAME, ids)
        request.POST = ticked  # type: ignore[assignment]  # a copy, as mutable as Django lets it be
        response: HttpResponse | None = super().response_action(request, queryset)
        return response


class ReadOnlyAdmin(LargeListAdmin):
    """An admin for looking only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryAdmin(SimpleHistoryAdmin):
    """simple-history's pages, to be looked at.

    Its SIMPLE_HISTORY_REVERT_DISABLED hides the button only: a POST to a record's page would still write the
    old values over the row, with no more than the permission to view it, past the events.
    """

    history_list_display = ("what",)

    def what(self, record: Any) -> str:
        """Say in the list of records what came about with this one."""
        return str(record.history_change_reason or record.get_history_type_display())

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> RecordWords:
        return RecordWords(self.model, historical_record)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _require_number(object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied
        _require_number(object_id)
        _require_number(version_id)
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def _require_number(text: str) -> None:
    """Raise Http404 for an id that the database could not even compare."""
    if id_in(text) is None:
        raise Http404

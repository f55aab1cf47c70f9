"""Filters that more than one FilterSet has."""

from typing import Any

import django_filters
from unfold.widgets import UnfoldAdminTextInputWidget


def moment_filter(**options: Any) -> django_filters.IsoDateTimeFilter:
    """Make a filter by a moment in ISO 8601, without an offset in the zone of the service.

    The browser's own field for it writes that too; a day alone is its first moment.
    """
    widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})
    return django_filters.IsoDateTimeFilter(widget=widget, **options)


class NumbersFilter(django_filters.BaseInFilter, django_filters.NumberFilter):
    """A filter by one number or several, with commas between them."""

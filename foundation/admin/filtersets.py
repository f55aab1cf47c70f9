"""The base of FilterSets in the admin, and the filters that several of them use."""

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.forms import Widget
from django_filters.fields import IsoDateTimeField
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from foundation.moments import has_storable_offset


class AdminFilterSet(django_filters.FilterSet):
    """A FilterSet whose fields look like the rest of the admin."""

    @classmethod
    def get_filters(cls) -> Any:
        """Give Unfold's widget to every filter that names none. Called once, when the class is made."""
        filters = super().get_filters()
        for each in filters.values():
            each.extra.setdefault("widget", _widget_for(each))
        return filters


def _widget_for(each: django_filters.Filter) -> Widget | type[Widget]:
    if isinstance(each, django_filters.ChoiceFilter):
        return UnfoldAdminSelectWidget  # type: ignore[no-any-return]
    if isinstance(each, MomentFilter):
        return UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})  # type: ignore[no-any-return]
    return UnfoldAdminTextInputWidget  # type: ignore[no-any-return]


class NumbersFilter(django_filters.BaseInFilter, django_filters.NumberFilter):
    """A filter by one number, or by several with commas between them."""


class MomentField(IsoDateTimeField):
    """A moment in ISO 8601. Without an offset it is in the service's time zone; a date alone is its start.

    Refuses UTC offsets that PostgreSQL does not accept.
    """

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment is not None and not has_storable_offset(moment):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A filter by a moment in ISO 8601, which is also what the browser's own field sends."""

    field_class = MomentField

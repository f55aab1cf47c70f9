"""Filters that more than one FilterSet has."""

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField
from unfold.widgets import UnfoldAdminTextInputWidget

from foundation.moments import has_storable_offset


class MomentField(IsoDateTimeField):  # type: ignore[misc]
    """A moment in ISO 8601. Refuses UTC offsets that PostgreSQL does not accept."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment is not None and not has_storable_offset(moment):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = MomentField


def moment_filter(**options: Any) -> MomentFilter:
    """Make a filter by a moment in ISO 8601. Without an offset, it is in the service's time zone.

    The browser's own field for moments writes the same form. A day alone means its first moment.
    """
    widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})
    return MomentFilter(widget=widget, **options)


class NumbersFilter(django_filters.BaseInFilter, django_filters.NumberFilter):
    """A filter by one number or several, with commas between them."""

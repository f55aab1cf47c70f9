"""What checks can be filtered by."""

from datetime import date

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from checks.models import MAX_POINT_ID, STATUS_CHOICES, Check, CheckType, Printer
from events.models import Event


class CheckFilterSet(django_filters.FilterSet):
    """Checks by printer, point, type, status, and the day of their creation."""

    printer = django_filters.ModelChoiceFilter(
        label=_("Printer"),
        queryset=Printer.objects.order_by("point_id", "name"),
        widget=UnfoldAdminSelectWidget,
    )
    point = django_filters.NumberFilter(
        label=_("Point"),
        field_name="printer__point_id",
        max_value=MAX_POINT_ID,
        widget=UnfoldAdminTextInputWidget,
    )
    type = django_filters.ChoiceFilter(
        label=_("Type"), choices=CheckType.choices, widget=UnfoldAdminSelectWidget
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=STATUS_CHOICES, widget=UnfoldAdminSelectWidget
    )
    since = django_filters.DateFilter(
        label=_("Created from day"), method="created_since", widget=UnfoldAdminDateWidget
    )
    until = django_filters.DateFilter(
        label=_("Created to day"), method="created_until", widget=UnfoldAdminDateWidget
    )

    class Meta:
        model = Check
        fields: list[str] = []

    def created_since(self, checks: QuerySet[Check], _name: str, day: date) -> QuerySet[Check]:
        return checks.filter(_created(occurred_at__date__gte=day))

    def created_until(self, checks: QuerySet[Check], _name: str, day: date) -> QuerySet[Check]:
        return checks.filter(_created(occurred_at__date__lte=day))


def _created(**lookup: date) -> Exists:
    return Exists(Event.objects.filter(stream=OuterRef("pk"), version=1, **lookup))

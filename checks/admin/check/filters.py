"""What checks can be filtered by, wherever they are listed: the admin, the export, the API."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from checks.domain.state import Status
from checks.models import MAX_ORDER_ID, STATUS_CHOICES, Check
from events.log.patterns import LOOK_BACK, PATTERNS, matching
from events.models import Event
from foundation.admin.filter_fields import NumbersFilter, moment_filter
from foundation.ids import id_in
from printers.models import MAX_POINT_ID, CheckType, Printer

MAX_MINUTES = 10_000_000
WAITING = "waiting"
STAGES = [
    ("render", _("rendering")),
    ("print", _("printing")),
    ("delivery", _("delivery to the printer")),
]


class CheckFilterSet(django_filters.FilterSet):
    """Checks by printer, point, order, type, status, time of creation, and what their events tell."""

    printer = django_filters.CharFilter(
        label=_("Printer"),
        method="of_printer",
        max_length=200,
        help_text=_("Its number, or a part of its name."),
        widget=UnfoldAdminTextInputWidget,
    )
    point = NumbersFilter(
        label=_("Points"),
        field_name="printer__point_id",
        min_value=-MAX_POINT_ID,
        max_value=MAX_POINT_ID,
        help_text=_("One, or several with commas between them: 1,2,5."),
        widget=UnfoldAdminTextInputWidget,
    )
    order = django_filters.NumberFilter(
        label=_("Order number"),
        field_name="order_id",
        min_value=0,
        max_value=MAX_ORDER_ID,
        widget=UnfoldAdminTextInputWidget,
    )
    type = django_filters.ChoiceFilter(
        label=_("Type"), choices=CheckType.choices, widget=UnfoldAdminSelectWidget
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="in_status",
        choices=[(WAITING, _("waiting: new or rendered")), *STATUS_CHOICES],
        widget=UnfoldAdminSelectWidget,
    )
    older_than = django_filters.NumberFilter(
        label=_("In its status for longer than, minutes"),
        method="in_status_for",
        min_value=0,
        max_value=MAX_MINUTES,
        widget=UnfoldAdminTextInputWidget,
    )
    failed_stage = django_filters.ChoiceFilter(
        label=_("Failed last while"), method="as_told", choices=STAGES, widget=UnfoldAdminSelectWidget
    )
    failed_reason = django_filters.CharFilter(
        label=_("Failed last because"),
        method="as_told",
        max_length=200,
        help_text=_("A part of the reason."),
        widget=UnfoldAdminTextInputWidget,
    )
    since = moment_filter(label=_("Created from"), method="as_told")
    until = moment_filter(label=_("Created before"), method="as_told")
    pattern = django_filters.ChoiceFilter(
        label=_("Course of events"),
        method="as_told",
        choices=PATTERNS,
        help_text=_("Of the last 24 hours, or from the time above on: the newest 500."),
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Check
        fields: list[str] = []

    def of_printer(self, checks: QuerySet[Check], _name: str, text: str) -> QuerySet[Check]:
        if (printer_id := id_in(text)) is not None:
            return checks.filter(printer_id=printer_id)
        return checks.filter(printer__in=Printer.objects.filter(name__icontains=text))

    def in_status(self, checks: QuerySet[Check], _name: str, status: str) -> QuerySet[Check]:
        if status == WAITING:
            return checks.filter(status__in=[Status.NEW.value, Status.RENDERED.value])
        return checks.filter(status=status)

    def in_status_for(self, checks: QuerySet[Check], _name: str, minutes: Decimal) -> QuerySet[Check]:
        return checks.filter(status_changed_at__lte=timezone.now() - timedelta(minutes=float(minutes)))

    def as_told(self, checks: QuerySet[Check], _name: str, _value: Any) -> QuerySet[Check]:
        """Leave to `filter_queryset` what makes one condition together with other fields."""
        return checks

    def filter_queryset(self, queryset: QuerySet[Check]) -> QuerySet[Check]:
        checks: QuerySet[Check] = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return checks.filter(_created(asked), _failed_last(asked), _went(asked))


def _created(asked: dict[str, Any]) -> Q:
    """Compare the moment of the first event, by which an index on the time can begin."""
    bounds = {"occurred_at__gte": asked["since"], "occurred_at__lt": asked["until"]}
    lookups = {lookup: moment for lookup, moment in bounds.items() if moment}
    if not lookups:
        return Q()
    return Q(Exists(Event.objects.filter(stream=OuterRef("pk"), version=1, **lookups)))


def _failed_last(asked: dict[str, Any]) -> Q:
    lookups = {"data__stage": asked["failed_stage"], "data__reason__icontains": asked["failed_reason"]}
    lookups = {lookup: text for lookup, text in lookups.items() if text}
    if not lookups:
        return Q()
    later = Event.objects.filter(stream=OuterRef("stream"), type="failed", version__gt=OuterRef("version"))
    return Q(Exists(Event.objects.filter(~Exists(later), stream=OuterRef("pk"), type="failed", **lookups)))


def _went(asked: dict[str, Any]) -> Q:
    if not asked["pattern"]:
        return Q()
    now = timezone.now()
    return Q(pk__in=matching(asked["pattern"], since=asked["since"] or now - LOOK_BACK, now=now))

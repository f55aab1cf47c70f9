"""The filters of the list of checks, which its export uses too."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.domain.state import Status
from checks.models import MAX_ORDER_ID, STATUS_CHOICES, Check
from events.log.patterns import LOOK_BACK, PATTERNS, matching
from events.models import Event
from foundation.admin.filtersets import AdminFilterSet, MomentFilter, NumbersFilter
from foundation.admin.list_filter import FilterSetListFilter
from foundation.ids import id_in
from printers.models import MAX_POINT_ID, CheckType, Printer

MAX_MINUTES = 10_000_000
WAITING = "waiting"
STAGES = [
    ("render", _("rendering")),
    ("print", _("printing")),
    ("delivery", _("delivery to the printer")),
]
# Queries of the list that other pages link to.
UNCONFIRMED = {"f-status": "failed", "f-failed_stage": "delivery", "f-failed_reason": "unconfirmed"}
FAILED_RENDERS = {"f-status": "failed", "f-failed_stage": "render"}
WAITING_LONG = {"f-status": "waiting", "f-older_than": "1"}


class CheckFilterSet(AdminFilterSet):
    """Checks by printer, point, order, type, status, time of creation, and by their events."""

    printer = django_filters.CharFilter(
        label=_("Printer"),
        method="of_printer",
        max_length=200,
        help_text=_("Its number or part of its name."),
    )
    point = NumbersFilter(
        label=_("Points"),
        field_name="printer__point_id",
        min_value=-MAX_POINT_ID,
        max_value=MAX_POINT_ID,
        help_text=_("One, or several separated by commas: 1,2,5."),
    )
    order = django_filters.NumberFilter(
        label=_("Order number"), field_name="order_id", min_value=0, max_value=MAX_ORDER_ID
    )
    type = django_filters.ChoiceFilter(label=_("Type"), choices=CheckType.choices)
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="in_status",
        choices=[(WAITING, _("waiting: new or rendered")), *STATUS_CHOICES],
    )
    older_than = django_filters.NumberFilter(
        label=_("In this status for longer than (minutes)"),
        method="in_status_for",
        min_value=0,
        max_value=MAX_MINUTES,
    )
    failed_stage = django_filters.ChoiceFilter(
        label=_("Stage of the last failure"), method="by_events", choices=STAGES
    )
    failed_reason = django_filters.CharFilter(
        label=_("Reason of the last failure"),
        method="by_events",
        max_length=200,
        help_text=_("Part of the reason."),
    )
    since = MomentFilter(label=_("Created from"), method="by_events")
    until = MomentFilter(label=_("Created before"), method="by_events")
    pattern = django_filters.ChoiceFilter(
        label=_("Course of events"),
        method="by_events",
        choices=PATTERNS,
        help_text=_("Of the last 24 hours, or from the time above on: the newest 500."),
    )

    class Meta:
        model = Check
        fields: list[str] = []

    def of_printer(self, checks: QuerySet[Check], _name: str, text: str) -> QuerySet[Check]:
        if text.isascii() and text.isdigit():
            printer_id = id_in(text)
            return checks.none() if printer_id is None else checks.filter(printer_id=printer_id)
        return checks.filter(printer__in=Printer.objects.filter(name__icontains=text))

    def in_status(self, checks: QuerySet[Check], _name: str, status: str) -> QuerySet[Check]:
        if status == WAITING:
            return checks.filter(status__in=[Status.NEW.value, Status.RENDERED.value])
        return checks.filter(status=status)

    def in_status_for(self, checks: QuerySet[Check], _name: str, minutes: Decimal) -> QuerySet[Check]:
        return checks.filter(status_changed_at__lte=timezone.now() - timedelta(minutes=float(minutes)))

    def by_events(self, checks: QuerySet[Check], _name: str, _value: Any) -> QuerySet[Check]:
        """Leave these fields to `filter_queryset`, which makes one condition of several of them."""
        return checks

    def filter_queryset(self, queryset: QuerySet[Check]) -> QuerySet[Check]:
        checks: QuerySet[Check] = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return checks.filter(_created(asked), _failed_last(asked), _went(asked))


class CheckListFilter(FilterSetListFilter):
    filterset_class = CheckFilterSet


def _created(asked: dict[str, Any]) -> Q:
    """Compare the time of the first event, so that an index on the time can be used."""
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

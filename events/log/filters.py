"""What events can be filtered by, in the admin and wherever else they are listed."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log.patterns import LOOK_BACK, PATTERNS, matching
from events.log.registry import registry
from events.log.words import event_name
from events.models import Event
from foundation.admin.filtersets import AdminFilterSet, MomentFilter
from foundation.ids import MAX_BIGINT

# Numbers are bounded on both sides: a filter turns -1e9999999 into ten million digits otherwise.


def event_types() -> list[tuple[str, str]]:
    """Return the registered event types as choices, in words."""
    return [(name, event_name(name)) for name in registry.names()]


class EventFilterSet(AdminFilterSet):
    """Events by type, actor, check, order, printer, request, time, and the course of their check's events."""

    type = django_filters.ChoiceFilter(label=_("Event"), choices=event_types)
    actor = django_filters.CharFilter(
        label=_("Actor"),
        lookup_expr="startswith",
        help_text=_("A kind, or one of it: printer, printer:12, staff:3."),
    )
    check = django_filters.NumberFilter(
        label=_("Check"),
        field_name="stream_id",
        min_value=0,
        max_value=MAX_BIGINT,
    )
    order = django_filters.NumberFilter(
        label=_("Order number"),
        field_name="stream__order_id",
        min_value=0,
        max_value=MAX_BIGINT,
    )
    printer = django_filters.NumberFilter(
        label=_("Printer"),
        field_name="stream__printer_id",
        min_value=0,
        max_value=MAX_BIGINT,
    )
    request = django_filters.UUIDFilter(label=_("Request"), field_name="correlation_id")
    since = MomentFilter(label=_("From"), field_name="occurred_at", lookup_expr="gte")
    until = MomentFilter(label=_("Before"), field_name="occurred_at", lookup_expr="lt")
    pattern = django_filters.ChoiceFilter(
        label=_("Course of the check's events"),
        method="of_pattern",
        choices=PATTERNS,
        help_text=_("Of the last 24 hours, or from the time above on: the newest 500."),
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def of_pattern(self, events: QuerySet[Event], _name: str, pattern: str) -> QuerySet[Event]:
        """Keep all events of the checks that went this way."""
        now = timezone.now()
        since = self.form.cleaned_data["since"] or now - LOOK_BACK
        return events.filter(stream__in=matching(pattern, since=since, now=now))

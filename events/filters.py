"""What events can be filtered by, in the admin and wherever else they are listed."""

import django_filters
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from events.models import Event
from events.registry import registry

MAX_BIGINT = 2**63 - 1


def event_types() -> list[tuple[str, str]]:
    """Return the registered event types as choices."""
    return [(name, name) for name in registry.names()]


class EventFilterSet(django_filters.FilterSet):
    """Events by type, actor, check, order, printer and time."""

    type = django_filters.ChoiceFilter(label=_("Event"), choices=event_types, widget=UnfoldAdminSelectWidget)
    actor = django_filters.CharFilter(
        label=_("Actor"),
        lookup_expr="startswith",
        widget=UnfoldAdminTextInputWidget,
        help_text=_("A kind, or one of it: printer, printer:12, staff:3."),
    )
    check = django_filters.NumberFilter(
        label=_("Check"), field_name="stream_id", max_value=MAX_BIGINT, widget=UnfoldAdminTextInputWidget
    )
    order = django_filters.NumberFilter(
        label=_("Order number"),
        field_name="stream__order_id",
        max_value=MAX_BIGINT,
        widget=UnfoldAdminTextInputWidget,
    )
    printer = django_filters.NumberFilter(
        label=_("Printer"),
        field_name="stream__printer_id",
        max_value=MAX_BIGINT,
        widget=UnfoldAdminTextInputWidget,
    )
    request = django_filters.UUIDFilter(
        label=_("Request"), field_name="correlation_id", widget=UnfoldAdminTextInputWidget
    )
    since = django_filters.DateFilter(
        label=_("From day"),
        field_name="occurred_at",
        lookup_expr="date__gte",
        widget=UnfoldAdminDateWidget,
    )
    until = django_filters.DateFilter(
        label=_("To day"),
        field_name="occurred_at",
        lookup_expr="date__lte",
        widget=UnfoldAdminDateWidget,
    )

    class Meta:
        model = Event
        fields: list[str] = []

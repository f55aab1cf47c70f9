"""The log, read-only: nothing here can add, change or delete an event."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.log.filters import EventFilterSet
from events.log.words import event_name
from events.models import Event
from foundation.admin.bases import LINK, FilterSetListFilter, ReadOnlyAdmin


class EventListFilter(FilterSetListFilter):
    filterset_class = EventFilterSet


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("moment", "name", "check_link", "version", "actor", "request_link")
    list_filter = (EventListFilter,)
    list_filter_submit = True
    ordering = ("-id",)
    what_would_be_here = _(
        "Everything that happens to a check is an event: created, rendered, downloaded, printed, failed. "
        "Events appear here as they happen, the newest first."
    )
    fields = (
        "name",
        "check_link",
        "order_number",
        "version",
        "actor",
        "moment",
        "recorded_moment",
        "payload",
        "schema_version",
        "request_link",
        "check_events_link",
        "event_uid",
        "tx_id",
        "hash_digits",
        "prev_hash_digits",
    )
    readonly_fields = fields

    saved_views = (
        (_("Failed at least twice, then printed"), {"f-pattern": "failed_twice_then_printed"}),
        (_("Nothing for five minutes after rendered"), {"f-pattern": "quiet_after_rendered"}),
        (_("Failures"), {"f-type": "failed"}),
        (_("By staff"), {"f-actor": "staff"}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        queryset: QuerySet[Event] = super().get_queryset(request)
        return queryset.select_related("stream").defer("stream__order", "stream__order_salt")

    @admin.display(description=_("occurred at"))
    def moment(self, event: Event) -> str:
        return date_format(timezone.localtime(event.occurred_at), "d.m.Y H:i:s")

    @admin.display(description=_("recorded at"))
    def recorded_moment(self, event: Event) -> str:
        return date_format(timezone.localtime(event.recorded_at), "d.m.Y H:i:s")

    @admin.display(description=_("type"))
    def name(self, event: Event) -> str:
        return event_name(event.type)

    @admin.display(description=_("check"))
    def check_link(self, event: Event) -> str:
        address = reverse("admin:checks_check_change", args=[event.stream_id])
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address, event.stream)

    @admin.display(description=_("request"))
    def request_link(self, event: Event) -> str:
        """Link to all events that the same request caused, of any check."""
        label = _("Events of the request %(id)s") % {"id": event.correlation_id}
        return _events_link({"f-request": event.correlation_id}, str(event.correlation_id)[:8], label)

    @admin.display(description=_("events of the check"))
    def check_events_link(self, event: Event) -> str:
        return _events_link({"f-check": event.stream_id}, _("all of them"), _("All events of the check"))

    @admin.display(description=_("order number"))
    def order_number(self, event: Event) -> int:
        order_id: int = event.stream.order_id
        return order_id

    @admin.display(description=_("data"))
    def payload(self, event: Event) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.data, ensure_ascii=False, indent=2))

    @admin.display(description=_("hash"))
    def hash_digits(self, event: Event) -> str:
        return bytes(event.hash).hex()

    @admin.display(description=_("previous hash"))
    def prev_hash_digits(self, event: Event) -> str:
        return bytes(event.prev_hash).hex()


def _events_link(query: dict[str, Any], text: Any, label: Any) -> str:
    address = f"{reverse('admin:events_event_changelist')}?{urlencode(query)}"
    return format_html(
        '<a class="{}" href="{}" title="{}" aria-label="{}">{}</a>', LINK, address, label, label, text
    )

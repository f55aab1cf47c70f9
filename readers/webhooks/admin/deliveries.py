"""Deliveries, which can be viewed and sent again."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation.admin.bases import LINK, ReadOnlyAdmin
from readers.webhooks import services
from readers.webhooks.admin import words
from readers.webhooks.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "check_link",
        "subscription",
        "state",
        "attempts",
        "answer",
        "waiting_since",
        "next_attempt_at",
    )
    list_filter = ("state", "subscription")
    list_select_related = ("subscription__order_system",)
    search_fields = ("=order_id",)
    search_help_text = _("The complete order number.")
    ordering = ("-id",)
    what_would_be_here = _(
        "Each print and each failure gives one delivery for every subscription of the order system, "
        "the newest first."
    )
    fields = (
        "subscription",
        "state",
        "type",
        "order_id",
        "check_link",
        "version",
        "event_uid",
        "attempts",
        "waiting_since",
        "last_attempt_at",
        "answer",
        "next_attempt_at",
        "ended_at",
        "sent",
    )
    readonly_fields = fields
    actions = ("deliver_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("webhooks.send_webhooks"))

    @admin.action(description=_("Deliver again"), permissions=["send"])
    def deliver_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        chosen = list(deliveries)
        sent = services.deliver_again(delivery_ids=[each.pk for each in chosen], now=timezone.now())
        for each in chosen:
            self.log_change(request, each, "deliver again")
        self.message_user(request, _("To be delivered again: %(count)s") % {"count": sent}, messages.SUCCESS)

    @admin.display(description=_("check"), empty_value="–")
    def check_link(self, delivery: Delivery) -> str | None:
        if delivery.check_id is None:
            return None
        address = reverse("admin:checks_check_change", args=[delivery.check_id])
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address, delivery.check_id)

    @admin.display(description=_("last answer"), empty_value="–")
    def answer(self, delivery: Delivery) -> str | None:
        return words.last_answer(delivery)

    @admin.display(description=_("body"))
    def sent(self, delivery: Delivery) -> Any:
        body = json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2)
        return format_html('<pre style="white-space: pre-wrap">{}</pre>', body)

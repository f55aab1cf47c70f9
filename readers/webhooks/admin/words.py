"""What staff read about subscriptions and deliveries."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from readers.webhooks.models import Delivery, Subscription

ERRORS = {
    "address_refused": gettext_lazy("the address cannot be used"),
    "plain_http_refused": gettext_lazy("http:// is not allowed for this address"),
    "private_address_refused": gettext_lazy("the name resolves to a private address"),
    "unknown_name": gettext_lazy("the name cannot be resolved"),
    "no_connection": gettext_lazy("no connection"),
    "tls": gettext_lazy("TLS or the certificate failed"),
    "timeout": gettext_lazy("it took too long"),
    "broken_answer": gettext_lazy("the answer was cut off or unreadable"),
    "refused": gettext_lazy("the receiver refused it"),
    "gone": gettext_lazy("the receiver has unsubscribed (410 Gone)"),
    "inactive": gettext_lazy("the subscription is not active"),
}


def error_in_words(code: str) -> str:
    return str(ERRORS.get(code, code))


def condition(subscription: Subscription) -> str:
    """Describe the state of a subscription in one phrase."""
    if not subscription.is_active:
        return _("not active")
    if subscription.paused_at:
        return _("on pause: %(why)s") % {"why": subscription.get_pause_reason_display()}
    if subscription.failing_since:
        since = date_format(timezone.localtime(subscription.failing_since), "d.m.Y H:i")
        return _("failing since %(since)s: %(why)s") % {
            "since": since,
            "why": error_in_words(subscription.last_error),
        }
    return _("working") if subscription.last_success_at else _("nothing has been sent yet")


def last_answer(delivery: Delivery) -> str | None:
    parts = [str(delivery.last_status or ""), error_in_words(delivery.last_error)]
    return " ".join(part for part in parts if part) or None

"""Names for people: of events, columns, reasons, moments and durations."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checks.domain.state import UNCONFIRMED, UNMARKED, CheckState
from checks.models import STATUS_CHOICES
from events.log.words import event_name as event_name  # for the pages of checks
from printers.models import CheckType

NOTHING = "–"
EVENTS = {
    "created": gettext_lazy("created"),
    "render_attempt_failed": gettext_lazy("rendering failed"),
    "rendered": gettext_lazy("rendered"),
    "downloaded": gettext_lazy("fetched by the printer"),
    "printed": gettext_lazy("printed"),
    "failed": gettext_lazy("failed"),
    "released": gettext_lazy("offered again: not confirmed"),
    "retried": gettext_lazy("to be rendered again"),
    "reprinted": gettext_lazy("to be printed again"),
    "erased": gettext_lazy("personal data erased"),
}
REASONS = {
    "bad_order": gettext_lazy("the order cannot be read"),
    "bad_output": gettext_lazy("the renderer produced a broken PDF"),
    "crashed": gettext_lazy("the renderer crashed"),
    "http_error": gettext_lazy("the rendering service answered with an error"),
    "internal": gettext_lazy("an internal error of the service"),
    "missing_binary": gettext_lazy("the renderer is not installed"),
    "no_process": gettext_lazy("the renderer's process could not be started"),
    "not_isolated": gettext_lazy("the renderer cannot be isolated on this machine"),
    "refused": gettext_lazy("the rendering service refused this document"),
    "storage": gettext_lazy("the PDF cannot be stored"),
    "timeout": gettext_lazy("rendering took too long"),
    "too_large": gettext_lazy("the PDF is too large"),
    "unknown_type": gettext_lazy("unknown type of check"),
    "unreachable": gettext_lazy("the rendering service cannot be reached"),
    "worker_died": gettext_lazy("the worker died while rendering"),
    UNMARKED: gettext_lazy("no mark was requested"),
    "by staff": gettext_lazy("decided by staff"),
    UNCONFIRMED: gettext_lazy("not confirmed"),
}
COLUMNS = {
    "status": gettext_lazy("status"),
    "version": gettext_lazy("version"),
    "status_changed_at": gettext_lazy("status since"),
    "lease_expires_at": gettext_lazy("lease until"),
    "pdf_file": gettext_lazy("PDF"),
    "order_id": gettext_lazy("order number"),
    "type": gettext_lazy("type"),
    "printer_id": gettext_lazy("printer"),
}
_STATUSES = dict(STATUS_CHOICES)


def reason_in_words(reason: str) -> str:
    """Explain a reason that is a code of ours. The words of a printer or a person stay as they are."""
    return str(REASONS.get(reason, reason))


def paper_in_words(state: CheckState, unmarked: str) -> str:
    """Say which copy a reprint is, and whether its paper says so."""
    words = {"copy": state.copies, "marked": state.marked_copy, "reason": reason_in_words(unmarked)}
    if state.marked_copy == state.copies:
        return _("Copy %(copy)s, and the paper says so.") % words
    if state.marked_copy > 1:
        return _("Copy %(copy)s, but the paper says copy %(marked)s (%(reason)s).") % words
    return _("Copy %(copy)s, but the paper does not say so (%(reason)s).") % words


def column_name(name: str) -> str:
    return str(COLUMNS.get(name, name))


def column_value(name: str, value: Any) -> str:
    """Write a column's value as people read it."""
    if value is None or value == "":
        return NOTHING
    if name == "status":
        return str(_STATUSES.get(value, value))
    if name == "type":
        return str(dict(CheckType.choices).get(value, value))
    return moment(value) if isinstance(value, datetime) else str(value)


def moment(at: datetime) -> str:
    """Write a moment in the service's time zone, to the millisecond."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'd.m.Y H:i:s')}.{local.microsecond // 1000:03}"


def duration_in_words(duration: timedelta) -> str:
    """Write a duration in its two largest units: 4 min 12 s."""
    seconds = max(duration.total_seconds(), 0.0)
    if seconds < 1:
        return _("%(n)s ms") % {"n": round(seconds * 1000)}
    if seconds < 10:
        return _("%(n)s s") % {"n": number_format(seconds, 1)}
    whole = int(seconds)
    sizes = [(86400, _("%(n)s d")), (3600, _("%(n)s h")), (60, _("%(n)s min")), (1, _("%(n)s s"))]
    parts: list[str] = []
    for size, words in sizes:
        if whole >= size and len(parts) < 2:
            parts.append(words % {"n": whole // size})
        elif parts:
            break
        whole %= size
    return " ".join(parts)

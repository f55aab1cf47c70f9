"""What the page of one printer says beside its settings, in a fixed number of queries."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings

from checks.admin.check.page import heard_at
from checks.admin.words import duration, reason_in_words
from checks.domain.state import Status
from checks.models import Check
from events.models import Event
from printers.models import Printer

SHOWN = 10
MEASURED = 100  # prints, the latest


def printer_page_of(printer: Printer, *, now: datetime) -> dict[str, Any]:
    """Return what is known of the printer now: four queries, however much it has printed."""
    heard = heard_at(printer)
    checks = Check.objects.filter(printer=printer).defer("order", "order_salt")
    waiting = list(checks.filter(status=Status.RENDERED.value).order_by("id")[: SHOWN + 1])
    failed = list(checks.filter(status=Status.FAILED.value).order_by("-status_changed_at")[:SHOWN])
    times = _times_to_print(printer)
    return {
        "heard": duration(now - heard) if heard else "",
        "is_silent": heard is None or now - heard >= timedelta(seconds=settings.PRINTER_SILENT_SECONDS),
        "waiting": [(check, duration(now - check.status_changed_at)) for check in waiting[:SHOWN]],
        "more_waiting": len(waiting) > SHOWN,
        "failed": _with_reasons(failed),
        "median": duration(timedelta(seconds=median(times))) if times else "",
        "measured": len(times),
    }


def _with_reasons(checks: list[Check]) -> list[tuple[Check, str]]:
    events = Event.objects.filter(stream__in=checks, type="failed").order_by("version")
    reasons = {event.stream_id: event.data.get("reason", "") for event in events}
    return [(check, reason_in_words(reasons.get(check.pk, ""))) for check in checks]


def _times_to_print(printer: Printer) -> list[float]:
    """Return how many seconds the latest prints took from the PDF, or a reprint, to the paper."""
    latest = Check.objects.filter(printer=printer, status=Status.PRINTED.value).order_by("-id")
    events = Event.objects.filter(
        stream__in=latest.values("pk")[:MEASURED], type__in=["rendered", "reprinted", "printed"]
    )
    began: dict[int, datetime] = {}
    times = []
    for check_id, kind, at in events.order_by("stream_id", "version").values_list(
        "stream_id", "type", "occurred_at"
    ):
        if kind != "printed":
            began[check_id] = at
        elif check_id in began:
            times.append((at - began.pop(check_id)).total_seconds())
    return times

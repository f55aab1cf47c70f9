"""What the page of a printer shows above its settings, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.conf import settings

from checks.admin.words import duration_in_words, reason_in_words
from checks.domain.state import Status
from checks.models import Check
from events.models import Event
from printers.models import Printer
from printers.selectors import last_seen_at

SHOWN_CHECKS = 10
MEASURED_PRINTS = 100


class WaitingCheck(NamedTuple):
    check: Check
    waited: str


class FailedCheck(NamedTuple):
    check: Check
    reason: str


@dataclass(frozen=True)
class PrinterPage:
    """`seen` is how long ago the printer was seen, "" for never. `median` is "" before the first print."""

    seen: str
    is_silent: bool
    waiting: list[WaitingCheck]
    more_waiting: bool
    failed: list[FailedCheck]
    median: str
    measured: int


def printer_page(printer: Printer, *, now: datetime) -> PrinterPage:
    """Return what is known of the printer. Four queries, however much it has printed."""
    seen_at = last_seen_at(printer)
    checks = Check.objects.filter(printer=printer).defer("order", "order_salt")
    waiting = list(checks.filter(status=Status.RENDERED.value).order_by("id")[: SHOWN_CHECKS + 1])
    failed = list(checks.filter(status=Status.FAILED.value).order_by("-status_changed_at")[:SHOWN_CHECKS])
    times = _print_seconds(printer)
    return PrinterPage(
        seen=duration_in_words(now - seen_at) if seen_at else "",
        is_silent=seen_at is None or now - seen_at >= timedelta(seconds=settings.PRINTER_SILENT_SECONDS),
        waiting=[
            WaitingCheck(check, duration_in_words(now - check.status_changed_at))
            for check in waiting[:SHOWN_CHECKS]
        ],
        more_waiting=len(waiting) > SHOWN_CHECKS,
        failed=_with_reasons(failed),
        median=duration_in_words(timedelta(seconds=median(times))) if times else "",
        measured=len(times),
    )


def _with_reasons(checks: list[Check]) -> list[FailedCheck]:
    events = Event.objects.filter(stream__in=checks, type="failed").order_by("version")
    reasons = {event.stream_id: event.data.get("reason", "") for event in events}
    return [FailedCheck(check, reason_in_words(reasons.get(check.pk, ""))) for check in checks]


def _print_seconds(printer: Printer) -> list[float]:
    """Return how many seconds the latest prints took from the PDF, or from a reprint, to the paper."""
    latest = Check.objects.filter(printer=printer, status=Status.PRINTED.value).order_by("-id")
    events = Event.objects.filter(
        stream__in=latest.values("pk")[:MEASURED_PRINTS], type__in=["rendered", "reprinted", "printed"]
    )
    began: dict[int, datetime] = {}
    seconds = []
    for check_id, kind, at in events.order_by("stream_id", "version").values_list(
        "stream_id", "type", "occurred_at"
    ):
        if kind != "printed":
            began[check_id] = at
        elif check_id in began:
            seconds.append((at - began.pop(check_id)).total_seconds())
    return seconds

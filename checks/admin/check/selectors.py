"""Queries for the pages of checks and orders. Each takes a fixed number of queries."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Max, QuerySet

from checks.admin.check.timeline import EventRow, Record, Timeline, build_timeline
from checks.domain.projection import COLUMNS
from checks.models import Check
from events.log import streams
from events.models import Event

ROWS_PER_FETCH = 500  # in memory at once


def timeline_of(check: Check, *, until: int | None = None, window_end: int | None = None) -> Timeline:
    """Read a check's events and history records, all or up to a version. Two queries, streamed."""
    events = streams.timeline(check.pk)
    records = Check.history.filter(id=check.pk).order_by("version")
    if until is not None:
        events, records = events.filter(version__lte=until), records.filter(version__lte=until)
    with closing(records.values(*COLUMNS).iterator(chunk_size=ROWS_PER_FETCH)) as streamed:
        return build_timeline(_rows(events), streamed, window_end=window_end)


def version_at(check: Check, until: datetime) -> int | None:
    """Return the check's newest version at a moment, or None before its first."""
    newest = streams.timeline(check.pk).filter(occurred_at__lte=until).aggregate(newest=Max("version"))
    version: int | None = newest["newest"]
    return version


def record_at(check: Check, until: datetime) -> Record | None:
    """Return the newest history record at a moment."""
    records = Check.history.filter(id=check.pk, history_date__lte=until)
    record: Record | None = records.order_by("-version").values(*COLUMNS).first()
    return record


def timelines_of_order(order_id: int) -> list[tuple[Check, Timeline]]:
    """Read the checks of an order with their printers and events, without history. Two queries."""
    checks = Check.objects.filter(order_id=order_id).defer("order", "order_salt").select_related("printer")
    found = list(checks.order_by("id"))
    events = _rows(Event.objects.filter(stream__in=found).order_by("stream_id", "version"))
    timelines = {
        check_id: build_timeline(those) for check_id, those in groupby(events, key=attrgetter("stream_id"))
    }
    return [(check, timelines.get(check.pk) or Timeline()) for check in found]


def _rows(events: QuerySet[Event]) -> Iterator[EventRow]:
    for row in events.values_list(*EventRow._fields).iterator(chunk_size=ROWS_PER_FETCH):
        yield EventRow(*row)

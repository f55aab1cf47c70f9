"""What `manage.py export_events` takes, beside a COPY of the same rows to nowhere."""

import os
import tempfile
import time
from pathlib import Path

from dev.bench import database
from dev.bench.budgets import Figure
from dev.bench.errors import BenchmarkError
from dev.bench.fill import add_printers, fill
from dev.bench.plan import Plan
from dev.server.service import Service
from events.export.run import Export, export
from events.log.filters import EventFilterSet
from events.models import Event

EVENTS_A_CHECK = 4
ROUNDS = 3  # ours and the limit in turn, the best of each


def measure_export(_service: Service, plan: Plan) -> Figure:
    """Events a second into CSV files, and those of a bare COPY."""
    database.clear()
    fill(plan.exported_events // EVENTS_A_CHECK, add_printers())
    events = Event.objects.count()
    ours, limit = [], []
    for _ in range(ROUNDS):
        limit.append(events / _seconds_of_copy())
        ours.append(events / _seconds_of_export(events))
    return Figure("export", max(ours), max(limit))


def _seconds_of_copy() -> float:
    with (
        database.connect() as connection,
        connection.cursor() as cursor,
        Path(os.devnull).open("wb") as nowhere,
    ):
        started = time.perf_counter()
        cursor.copy_expert("COPY events_event TO STDOUT", nowhere)
        return time.perf_counter() - started


def _seconds_of_export(events: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        asked = Export(folder, "csv", EventFilterSet({}), {})
        asked.filters.is_valid()
        started = time.perf_counter()
        *_, manifest = export(asked, progress=lambda _: None)
        seconds = time.perf_counter() - started
    if manifest.events != events:
        raise BenchmarkError(f"{manifest.events} of {events} events were exported.")
    return seconds

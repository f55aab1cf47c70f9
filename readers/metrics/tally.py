"""Counters that follow the never-skipping feed, so that a scrape need not count the log.

What is counted and the position up to which it is are written by one transaction: a crash loses nothing and
counts nothing twice.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection, transaction

from checks.domain.event_types import Failed, RenderAttemptFailed, Rendered
from events.feed.reading import BEGINNING, Position, feed, position_of
from events.log.registry import UnknownEventError, registry
from events.models import Event
from readers.metrics.models import Tally, TallyPosition

BATCH = 1000
JOB_BATCHES = 50  # a second or two of a worker's time
SCRAPE_BATCHES = 5

EVENTS = "events"
ORDERS = "orders"
FAILURES = "failures"
RENDER_SECONDS = "render_seconds"

# Upper bounds of the render times' buckets: from a warm renderer's to the time limit and its retries.
BOUNDS_MS = [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]
BUCKETS = [*(str(ms / 1000) for ms in BOUNDS_MS), "+Inf"]  # in seconds, as Prometheus names them
# A printer's reason is free text, of which a counter knows only that there was one.
REPORTED = "reported"

UPSERT = """
    INSERT INTO metrics_tally AS known (kind, first, second, count, total)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
    ON CONFLICT (kind, first, second) DO UPDATE
    SET count = known.count + EXCLUDED.count, total = known.total + EXCLUDED.total
"""


class Cell(NamedTuple):
    """One row of the tally."""

    kind: str
    first: str = ""
    second: str = ""


def catch_up(*, batches: int = JOB_BATCHES) -> int:
    """Count the settled events that are not counted yet, up to so many batches; return how many they were."""
    counted = 0
    for _ in range(batches):
        events = count_batch()
        counted += events
        if events < BATCH:
            break
    return counted


def count_batch() -> int:
    """Count one batch of the feed, and return its size; 0 also where somebody else was faster.

    1. Read the position and the events behind it, in no transaction: nothing is held meanwhile.
    2. Move the position on if it is still where it was, and add to the tally, in one transaction.
    """
    before = position()
    events = feed(after=before, limit=BATCH)
    if not events:
        return 0
    with transaction.atomic():
        if not _move(before, position_of(events[-1])):
            return 0
        _add(events, before)
    return len(events)


def position() -> Position:
    """Return the place in the feed up to which everything is counted."""
    place = TallyPosition.objects.values_list("tx_id", "event_id").first()
    if place is None:
        TallyPosition.objects.bulk_create([TallyPosition()], ignore_conflicts=True)
        return BEGINNING
    return Position(*place)


def counts() -> dict[Cell, tuple[int, int]]:
    """Return the tally: of each cell the number of events, and the sum of their milliseconds."""
    rows = Tally.objects.values_list("kind", "first", "second", "count", "total")
    return {Cell(kind, first, second): (count, total) for kind, first, second, count, total in rows}


def _move(before: Position, after: Position) -> bool:
    unmoved = TallyPosition.objects.filter(tx_id=before.tx_id, event_id=before.id)
    return unmoved.update(tx_id=after.tx_id, event_id=after.id) == 1


def _add(events: list[Event], before: Position) -> None:
    count: Counter[Cell] = Counter({Cell(ORDERS): _orders(events, before)})
    total: Counter[Cell] = Counter()
    for event in events:
        for cell, ms in _cells(event):
            count[cell] += 1
            total[cell] += ms
    columns = zip(*[(*cell, count[cell], total[cell]) for cell in count], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [list(column) for column in columns])


def _orders(events: list[Event], before: Position) -> int:
    """Count the orders that begin here; one whose transaction began in the batch before is counted there."""
    created = (event for event in events if event.type == "created" and event.tx_id != before.tx_id)
    return len({(event.tx_id, event.data["order_id"]) for event in created})


def _cells(event: Event) -> Iterator[tuple[Cell, int]]:
    """Yield where an event counts, with the milliseconds that it adds.

    Of one that a newer release has written, no more is known than its type.
    """
    yield Cell(EVENTS, event.type), 0
    try:
        payload = registry.decode(event.type, event.schema_version, event.data)
    except UnknownEventError:
        return
    if isinstance(payload, Rendered):
        yield Cell(RENDER_SECONDS, bucket(payload.ms)), payload.ms
    elif isinstance(payload, RenderAttemptFailed):
        yield Cell(FAILURES, "render_attempt", payload.reason[:40]), 0
    elif isinstance(payload, Failed):
        reason = REPORTED if event.actor.startswith("printer:") else payload.reason
        yield Cell(FAILURES, payload.stage[:40], reason[:40]), 0


def bucket(ms: int) -> str:
    """Return the upper bound of the bucket that this time falls into."""
    return BUCKETS[bisect_left(BOUNDS_MS, ms)]

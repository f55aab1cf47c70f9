"""The counters behind /metrics. They follow the feed, so that a scrape does not have to count the log."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from checks.domain.event_types import Failed, RenderAttemptFailed, Rendered
from events.feed.follower import Batch, Follower, read_position
from events.feed.reading import Position
from events.log.registry import UnknownEventError, registry
from events.models import Event
from readers.metrics.models import Tally

BATCHES_PER_JOB = 50  # a second or two of a worker's time
BATCHES_PER_SCRAPE = 5

EVENTS = "events"
ORDERS = "orders"
FAILURES = "failures"
RENDER_SECONDS = "render_seconds"

# Upper bounds of the buckets for render times: from a warm renderer to the time limit with its retries.
BOUNDS_MS = [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]
BUCKETS = [*(str(ms / 1000) for ms in BOUNDS_MS), "+Inf"]  # in seconds, as Prometheus names them
# A printer's reason is free text. The counter only says that there was one.
REPORTED = "reported"

UPSERT = """
    INSERT INTO metrics_tally AS known (kind, first, second, count, total)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
    ON CONFLICT (kind, first, second) DO UPDATE
    SET count = known.count + EXCLUDED.count, total = known.total + EXCLUDED.total
"""


class Cell(NamedTuple):
    """The key of one counter."""

    kind: str
    first: str = ""
    second: str = ""


class Added(NamedTuple):
    """What a batch adds to each counter: events, and their milliseconds."""

    counts: Counter[Cell]
    milliseconds: Counter[Cell]


class TallyFollower(Follower[Added]):
    """Counts the events of the feed."""

    name = "metrics"

    def prepare(self, batch: Batch) -> Added:
        added = Added(Counter({Cell(ORDERS): _orders(batch)}), Counter())
        for event in batch.events:
            for cell, ms in _cells(event):
                added.counts[cell] += 1
                added.milliseconds[cell] += ms
        return added

    def write(self, prepared: Added) -> None:
        rows = [(*cell, count, prepared.milliseconds[cell]) for cell, count in prepared.counts.items()]
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [list(column) for column in zip(*rows, strict=True)])


def catch_up(*, batches: int = BATCHES_PER_JOB) -> int:
    """Count what has settled, at most this many batches, and return the number of events."""
    return TallyFollower().catch_up(batches=batches)


def position() -> Position:
    """Return the last event that is counted."""
    return read_position(TallyFollower.name)


def counts() -> dict[Cell, tuple[int, int]]:
    """Return the number of events and the sum of their milliseconds for each counter."""
    rows = Tally.objects.values_list("kind", "first", "second", "count", "total")
    return {Cell(kind, first, second): (count, total) for kind, first, second, count, total in rows}


def _orders(batch: Batch) -> int:
    """Count the orders that begin in this batch.

    One transaction creates all checks of an order. If the batch before began with it, it counted the order.
    """
    created = (
        event for event in batch.events if event.type == "created" and event.tx_id != batch.before.tx_id
    )
    return len({(event.tx_id, event.data["order_id"]) for event in created})


def _cells(event: Event) -> Iterator[tuple[Cell, int]]:
    """Yield each counter that the event adds to, with its milliseconds.

    Events that a newer release has written are only counted by type.
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

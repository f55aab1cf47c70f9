"""The log in pieces that end: none of its statements grows with the log, whatever the filters keep.

A piece is read in one transaction of one moment, on the analysts' database. What lies below the horizon of
that moment is settled, so a reader that was given everything up to the horizon may go on from there, also
where the filters kept nothing.
"""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any, NamedTuple

from django.db.models import QuerySet

from events.feed.cursor import MAX_ID
from events.feed.horizon import horizon, require_adopted
from events.feed.reading import Position, stretch
from events.models import Event
from foundation.db.analytics import analytical_reads, require_shared_count

CHUNK = 1000  # rows that are in memory at once
STEP = 20_000  # events that one statement looks through
MAX_SECONDS = 10.0  # of a page, slow readers included: they hold a web process
FIELDS = (
    "tx_id",
    "id",
    "stream_id",
    "version",
    "type",
    "schema_version",
    "data",
    "actor",
    "correlation_id",
    "occurred_at",
    "recorded_at",
    "event_uid",
    "hash",
    "prev_hash",
)

Row = tuple[Any, ...]  # of FIELDS
Narrow = Callable[[QuerySet[Event]], QuerySet[Event]]


class Piece(NamedTuple):
    """Events, the place to go on from, and whether anything settled may be left behind it."""

    rows: list[Row]
    end: Position
    more: bool


def pieces(*, after: Position, limit: int, narrow: Narrow, at_once: bool = False) -> Iterator[Piece]:
    """Yield up to `limit` settled events behind `after` that `narrow` keeps, in the feed's order.

    The last piece's `end` is where to go on, also before the limit: a page has only so many seconds.
    `at_once` looks through all of the log with each statement, for what an index of its own finds.
    Raises LogNotAdoptedError, ForeignCountError, ReadTooSlowError.
    """
    until = monotonic() + MAX_SECONDS
    while True:
        piece = next_piece(after=after, limit=min(limit, CHUNK), narrow=narrow, at_once=at_once)
        yield piece
        limit -= len(piece.rows)
        after = piece.end
        if not piece.more or limit == 0 or monotonic() > until:
            return


def next_piece(*, after: Position, limit: int, narrow: Narrow, at_once: bool) -> Piece:
    """Look through one stretch of what is settled behind `after`."""
    require_shared_count()
    with analytical_reads() as database:
        settled = settled_end(database)
        if after >= settled:  # also where another replica has gone on further than this one
            return Piece([], after, more=False)
        end = settled if at_once else end_of_step(after, settled, STEP, database)
        found = narrow(stretch(after, end).using(database))
        rows = list(found.values_list(*FIELDS)[:limit])
    if len(rows) == limit:
        end = Position(*rows[-1][:2])
    return Piece(rows, end, more=end < settled)


def settled_end(database: str) -> Position:
    """Return the last place below the horizon. Nothing can appear at or before it any more."""
    require_adopted(database)
    return Position(horizon(database) - 1, MAX_ID)


def end_of_step(after: Position, settled: Position, step: int, database: str) -> Position:
    """Return the place of the event that lies `step` events behind `after`, or the end of what is settled."""
    places = stretch(after, settled).using(database).values_list("tx_id", "id")
    last = places[step - 1 : step].first()
    return Position(*last) if last else settled

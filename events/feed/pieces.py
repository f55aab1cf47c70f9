"""Reads the log in pieces. No statement gets slower as the log grows, whatever the filters keep.

Each piece is read in one transaction, on the analysts' database. Everything below the horizon of that
transaction is settled. So a reader that was given everything up to the horizon continues from there, even if
the filters kept nothing.
"""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any, NamedTuple

from django.db.models import QuerySet

from events.feed.columns import COLUMNS
from events.feed.cursor import MAX_ID
from events.feed.horizon import horizon, require_adopted
from events.feed.reading import Position, stretch
from events.models import Event
from foundation.db.analytics import analytical_reads, require_shared_count

ROWS_PER_PIECE = 1000  # in memory at once
EVENTS_PER_STATEMENT = 20_000  # that one statement searches
MAX_SECONDS = 10.0  # for a page, even if the reader is slow: it holds a web process

Row = tuple[Any, ...]  # of COLUMNS
Narrow = Callable[[QuerySet[Event]], QuerySet[Event]]


class Piece(NamedTuple):
    """Events, the position to continue from, and whether more settled events may follow it."""

    rows: list[Row]
    end: Position
    more: bool


def pieces(*, after: Position, limit: int, narrow: Narrow, at_once: bool = False) -> Iterator[Piece]:
    """Yield up to `limit` settled events after `after` that `narrow` keeps, in the order of the feed.

    Continue at the last piece's `end`. It may come before the limit, because the time for a page is limited.
    With `at_once`, each statement searches the whole log: for filters that have an index.
    Raises LogNotAdoptedError, ForeignCountError, ReadTooSlowError.
    """
    until = monotonic() + MAX_SECONDS
    while True:
        piece = next_piece(after=after, limit=min(limit, ROWS_PER_PIECE), narrow=narrow, at_once=at_once)
        yield piece
        limit -= len(piece.rows)
        after = piece.end
        if not piece.more or limit == 0 or monotonic() > until:
            return


def next_piece(*, after: Position, limit: int, narrow: Narrow, at_once: bool) -> Piece:
    """Search one stretch of the settled events after `after`."""
    require_shared_count()
    with analytical_reads() as database:
        settled = horizon_position(database)
        if after >= settled:  # also if another replica was further ahead than this one
            return Piece([], after, more=False)
        end = settled if at_once else end_of_stretch(after, settled, EVENTS_PER_STATEMENT, database)
        found = narrow(stretch(after, end).using(database))
        rows = list(found.values_list(*COLUMNS)[:limit])
    if len(rows) == limit:
        end = Position(*rows[-1][:2])
    return Piece(rows, end, more=end < settled)


def horizon_position(database: str) -> Position:
    """Return the last position below the horizon. No event can appear at or before it any more."""
    require_adopted(database)
    return Position(horizon(database) - 1, MAX_ID)


def end_of_stretch(after: Position, settled: Position, events: int, database: str) -> Position:
    """Return the position that many events after `after`, or `settled` if there are fewer events."""
    positions = stretch(after, settled).using(database).values_list("tx_id", "id")
    last = positions[events - 1 : events].first()
    return Position(*last) if last else settled

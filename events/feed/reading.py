"""Readers of the log as a whole.

The feed hands out events in an order in which none can appear behind a reader's back. Sequence numbers are
given out before commit, so `id > last` skips rows of slow transactions; the feed therefore orders by
(tx_id, id) and stops below the oldest transaction that still runs: everything below that horizon is settled.
"""

from typing import NamedTuple

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from events.feed.horizon import require_adopted
from events.models import Event


class Position(NamedTuple):
    """A place in the feed: the last event that a reader has seen."""

    tx_id: int
    id: int


BEGINNING = Position(0, 0)


def feed(*, after: Position = BEGINNING, limit: int = 1000) -> list[Event]:
    """Return up to `limit` settled events behind `after`, in the feed's order.

    Resume at the last one's `position_of`. Call it outside of a transaction, or in a fresh READ COMMITTED
    one: the horizon is that of the statement's snapshot. Raises LogNotAdoptedError for a log that was
    restored from elsewhere, in which events would be skipped.
    """
    require_adopted()
    return list(settled(after)[:limit])


def settled(after: Position) -> QuerySet[Event]:
    """Return all settled events behind `after`, in the feed's order; see `feed` on transactions."""
    condition = RawSQL(
        "(events_event.tx_id, events_event.id) > (%s, %s) AND events_event.tx_id < events_horizon()",
        tuple(after),
        output_field=BooleanField(),
    )
    return Event.objects.filter(condition).order_by("tx_id", "id")


def last_settled(after: Position) -> Position:
    """Return the position of the last settled event, or `after` if nothing has settled behind it."""
    last = settled(after).reverse().values_list("tx_id", "id").first()
    return Position(*last) if last else after


def stretch(after: Position, end: Position | None = None) -> QuerySet[Event]:
    """Return the events behind `after` up to and with `end`, or all of them, in the feed's order."""
    found = Event.objects.order_by("tx_id", "id")
    found = found.filter(RawSQL("(events_event.tx_id, events_event.id) > (%s, %s)", after, BooleanField()))
    if end is None:
        return found
    return found.filter(RawSQL("(events_event.tx_id, events_event.id) <= (%s, %s)", end, BooleanField()))


def position_of(event: Event) -> Position:
    return Position(event.tx_id, event.id)

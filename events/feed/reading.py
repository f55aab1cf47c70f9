"""The feed: the whole log in an order in which no event can appear behind a reader's position.

Sequence numbers are assigned before commit, so a reader of `id > last` would skip the rows of slow
transactions. The feed therefore orders by (tx_id, id) and stops below the oldest transaction that is still
running, the horizon. Events below the horizon are settled.
"""

from typing import NamedTuple

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from events.feed.horizon import require_adopted
from events.models import Event


class Position(NamedTuple):
    """A position in the feed: the last event that a reader has seen."""

    tx_id: int
    id: int


BEGINNING = Position(0, 0)


def feed(*, after: Position = BEGINNING, limit: int = 1000) -> list[Event]:
    """Return up to `limit` settled events after `after`, in the order of the feed.

    Continue at the `position_of` the last one. Call it outside of a transaction or in a new READ COMMITTED
    one, because the horizon is that of the statement's snapshot. Raises LogNotAdoptedError for a log that was
    restored into another cluster, where events would be skipped.
    """
    require_adopted()
    return list(settled(after)[:limit])


def settled(after: Position) -> QuerySet[Event]:
    """Return all settled events after `after`, in the order of the feed. See `feed` about transactions."""
    condition = RawSQL(
        "(events_event.tx_id, events_event.id) > (%s, %s) AND events_event.tx_id < events_horizon()",
        tuple(after),
        output_field=BooleanField(),
    )
    return Event.objects.filter(condition).order_by("tx_id", "id")


def last_settled(after: Position) -> Position:
    """Return the position of the last settled event, or `after` if nothing after it has settled.

    Readers that store their position use this and not the horizon's, which may lie beyond the last event.
    After a restore into another cluster, transactions count on from the last event, and such a reader would
    skip some.
    """
    last = settled(after).reverse().values_list("tx_id", "id").first()
    return Position(*last) if last else after


def stretch(after: Position, end: Position | None = None) -> QuerySet[Event]:
    """Return the events after `after` up to and including `end`, or all of them, in the order of the feed."""
    found = Event.objects.order_by("tx_id", "id")
    found = found.filter(RawSQL("(events_event.tx_id, events_event.id) > (%s, %s)", after, BooleanField()))
    if end is None:
        return found
    return found.filter(RawSQL("(events_event.tx_id, events_event.id) <= (%s, %s)", end, BooleanField()))


def position_of(event: Event) -> Position:
    return Position(event.tx_id, event.id)

"""Follows the feed on behalf of a reader inside the service.

What a batch leads to and the reader's new position are written in one transaction. A crash at any point loses
nothing and writes nothing twice, and any number of processes may follow for the same reader at once.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.db import transaction

from events.feed.horizon import require_adopted
from events.feed.reading import BEGINNING, Position, position_of, settled
from events.models import Event, FollowerPosition

Prepared = TypeVar("Prepared")


class Batch(NamedTuple):
    """Consecutive settled events, the reader's position before them, and its position after them."""

    before: Position
    events: list[Event]
    end: Position


class Progress(NamedTuple):
    """How far a reader has come."""

    name: str
    position: Position


class Follower(ABC, Generic[Prepared]):
    """One reader of the feed. Subclasses say what a batch leads to, and how that is written."""

    name: ClassVar[str]  # stored with the position: a renamed reader starts from the beginning
    events_per_batch: ClassVar[int] = 1000

    @abstractmethod
    def prepare(self, batch: Batch) -> Prepared:
        """Work out what the batch leads to. Runs outside of a transaction, and may run in vain."""

    @abstractmethod
    def write(self, prepared: Prepared) -> None:
        """Write what was prepared, in the transaction that moves the position."""

    def position(self) -> Position:
        return read_position(self.name)

    def start(self, position: Position) -> Position:
        """Return where to read from: the position, or a later place if nothing before it is wanted."""
        return position

    def read(self, start: Position) -> list[Event]:
        return list(settled(start)[: self.events_per_batch])

    def move(self, before: Position, end: Position) -> bool:
        """Move the position in the caller's transaction; return False if another process was faster."""
        return move_position(self.name, before, end)

    def catch_up(self, *, batches: int) -> int:
        """Follow what has settled, at most this many batches, and return the number of events."""
        followed = 0
        for _ in range(batches):
            events = self.follow_batch()
            followed += events
            if events < self.events_per_batch:
                break
        return followed

    def follow_batch(self) -> int:
        """Follow one batch and return its size. Returns 0 also when another process was faster.

        1. Read the position and the events after it, and prepare. No transaction is open: no horizon waits.
        2. Move the position if nobody else has, and write what was prepared, in one transaction.

        Raises LogNotAdoptedError, as the feed does.
        """
        require_adopted()
        before = self.position()
        start = self.start(before)
        events = self.read(start)
        end = position_of(events[-1]) if events else start
        if end == before:
            return 0
        prepared = self.prepare(Batch(before, events, end))
        with transaction.atomic():
            if not self.move(before, end):
                return 0
            self.write(prepared)
        return len(events)


def read_position(name: str) -> Position:
    """Return the last event that this reader has followed, or the beginning of the feed."""
    place = FollowerPosition.objects.filter(name=name).values_list("tx_id", "event_id").first()
    return Position(*place) if place else BEGINNING


def move_position(name: str, before: Position, end: Position) -> bool:
    """Move a reader's position in the caller's transaction; return False if it is no longer at `before`."""
    if before == BEGINNING:
        FollowerPosition.objects.bulk_create([FollowerPosition(name=name)], ignore_conflicts=True)
    unmoved = FollowerPosition.objects.filter(name=name, tx_id=before.tx_id, event_id=before.id)
    return unmoved.update(tx_id=end.tx_id, event_id=end.id) == 1


def reset_position(name: str) -> None:
    """Have a reader start from the beginning, in the caller's transaction."""
    FollowerPosition.objects.filter(name=name).delete()


# --- What the archive waits for -------------------------------------------------------------------------

_registered: set[str] = set()


def register(follower: type[Follower[Any]]) -> None:
    """Keep events out of the archive until this reader has followed them. Called when the service starts.

    Readers outside of the service are not registered: they have the time that passes before the archive
    takes anything.
    """
    _registered.add(follower.name)


def slowest() -> Progress | None:
    """Return the registered reader that is furthest behind, or None if there are no readers."""
    return min(
        (Progress(name, read_position(name)) for name in sorted(_registered)),
        key=lambda progress: progress.position,
        default=None,
    )

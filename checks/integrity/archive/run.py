"""Archiving finished orders part by part: write, verify, delete from the tables."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from checks.integrity.archive import parts
from checks.integrity.archive.errors import ForeignPartError, PartWaitsError, TooRecentError
from checks.integrity.archive.export import write_part
from checks.integrity.archive.inspection import UNREADABLE
from checks.integrity.archive.parts import MANIFEST, Part
from checks.integrity.archive.removal import finish
from checks.services.finished_orders import FinishedOrder, finished_orders
from events.archive import removal as archiving
from events.archive.removal import Contents, last_part
from events.feed import follower
from events.feed.reading import Position, position_of
from events.models import Event, Seal
from events.seals.form import end_of

LEAST_AGE = timedelta(days=1)

Step = Callable[[str], None]


class Archived(NamedTuple):
    """A part that was archived. `resumed` says that an earlier run had written it."""

    contents: Contents
    resumed: bool


class Limits(NamedTuple):
    """The position in the feed up to which events may be archived, and the reader that limits it."""

    upto: Position
    because: str


class Planned(NamedTuple):
    """The orders of one day that go into one part."""

    day: date
    orders: list[FinishedOrder]


def archive(
    *, before: datetime, folder: Path, now: datetime, step: Step = lambda _: None
) -> Iterator[Archived]:
    """Archive the orders to which nothing has happened since `before`, and yield each part.

    1. Finish the complete parts of an interrupted run, and remove its incomplete ones.
    2. Write a part, verify it and delete its rows from the tables; go on with the next.

    `step` is called after each thing that was done. Not inside a transaction. Raises TooRecentError,
    NotOwnerError, ArchivingError, ForeignPartError, PartWaitsError, PartBrokenError, PartMissingError; the
    parts yielded before stay archived.
    """
    if before > now - LEAST_AGE:
        raise TooRecentError
    archiving.begin()
    try:
        log = _log()
        for part in _left_over(folder, log):
            yield Archived(finish(part, now=now, step=step), resumed=True)
        for number, planned in enumerate(plan(before=before), start=last_part() + 1):
            part = Part(folder, number, planned.day)
            write_part(part, planned.orders, log=log, step=step)
            yield Archived(finish(part, now=now, step=step), resumed=False)
    finally:
        archiving.end()


def plan(*, before: datetime) -> Iterator[Planned]:
    """Yield what can be archived, part by part: erased, sealed, and read by every follower of the feed."""
    upto = limits().upto
    for batch in finished_orders(before=before, erased=True):
        ready = [order for order in batch if order.last <= upto]
        for day, orders in groupby(sorted(ready, key=attrgetter("day", "check_ids")), attrgetter("day")):
            yield Planned(day, list(orders))


def limits() -> Limits:
    """Return how far events can be archived. The last event always stays: the log continues from it."""
    last = Event.objects.order_by("-tx_id", "-id").first()
    found = [Limits(end_of(Seal.objects.order_by("-number").first()), "seals")]
    if reader := follower.slowest():
        found.append(Limits(reader.position, reader.name))
    if last is not None:
        tx_id, event_id = position_of(last)
        found.append(Limits(Position(tx_id, event_id - 1), "the last event"))
    return min(found, key=attrgetter("upto"))


def _left_over(folder: Path, log: str) -> list[Part]:
    """Return the complete parts that are not listed, and remove the files of incomplete ones."""
    last = last_part()
    complete: dict[int, Part] = {}
    for found in list(parts.files_in(folder)):
        if found.part.number <= last:
            continue
        if not found.part.is_complete:
            found.path.unlink()
        elif found.suffix == MANIFEST:
            complete[found.part.number] = found.part
            _require_it_may_go(found.part, log)
    return [complete[number] for number in sorted(complete)]


def _require_it_may_go(part: Part, log: str) -> None:
    try:
        manifest = parts.read_manifest(part.path(MANIFEST).read_bytes())
    except UNREADABLE:
        return  # finish() says what is wrong with it
    if manifest.log != log:
        raise ForeignPartError(part=part.number)
    upto, because = limits()
    if manifest.last > upto:
        raise PartWaitsError(part=part.number, reader=because)


def _log() -> str:
    """Return what identifies this log: the hash of its first seal."""
    first = Seal.objects.order_by("number").first()
    return bytes(first.hash).hex() if first else ""

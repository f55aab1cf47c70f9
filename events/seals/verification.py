"""Verifies the seals against the events, each other, and the file of seals.

Everything is read in the order of the feed, in one snapshot, with constant memory. Archived events are read
from the archive if it is given. Otherwise the archived events under a seal are only counted.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from events.archive import leaves
from events.archive.leaves import Leaf, LeafFile
from events.feed.reading import Position, stretch
from events.feed.snapshot import closed_at_the_end, one_snapshot
from events.models import Event, Seal
from events.seals import file as seal_file
from events.seals.form import begin_of, end_of, follows, seal_hash, seal_line
from events.seals.merkle import MerkleTree

ROWS_PER_FETCH = 2000


class SealDifference(NamedTuple):
    """Something wrong with a seal. Without a number, it is about all of them."""

    number: int | None
    problem: str

    def __str__(self) -> str:
        return f"seal {self.number}: {self.problem}" if self.number else f"seals: {self.problem}"


@dataclass
class SealVerification:
    """The result. Its numbers are complete when `differences` has ended.

    `unwritten` counts the newest seals, which the file does not have yet. `archived` counts the events in the
    archive whose hashes were not compared, because `archive`, the leaves of all its parts, was not given.
    """

    path: Path | None
    archive: Sequence[LeafFile] | None = None
    seals: int = 0
    sealed: int = 0
    unsealed: int = 0
    unwritten: int = 0
    archived: int = 0
    _last: Seal | None = None

    def differences(self) -> Iterator[SealDifference]:
        """Yield the differences seal by seal, then those from the file."""
        # Measured before the snapshot: the snapshot has every seal that the file has by now.
        size = self.path.stat().st_size if self.path else 0
        rows = Event.objects.order_by("tx_id", "id").values_list("tx_id", "id", "hash")
        with one_snapshot(), closed_at_the_end(rows.iterator(ROWS_PER_FETCH)) as hashes:
            events = _Events(heapq.merge(hashes, leaves.in_order(self.archive or ()), key=leaves.place))
            for seal in _with_archived().iterator(ROWS_PER_FETCH):
                yield from self._compare_with_the_last(seal)
                yield from self._compare_with_events(seal, events)
                self._last = seal
                self.seals += 1
            self.unsealed = stretch(end_of(self._last)).count()
            if self.path:
                yield from self._compare_with_file(self.path, size)

    def _compare_with_the_last(self, seal: Seal) -> Iterator[SealDifference]:
        expected = self._last.number + 1 if self._last else 1
        if seal.number != expected:
            yield SealDifference(expected, f"the seal is missing; the next is seal {seal.number}")
        elif not follows(seal, self._last):
            yield SealDifference(seal.number, "it does not follow the seal before it")
        if seal_hash(seal) != bytes(seal.hash):
            yield SealDifference(seal.number, "it does not fit its hash")

    def _compare_with_events(self, seal: Any, events: "_Events") -> Iterator[SealDifference]:
        strays = sum(1 for _ in events.up_to(begin_of(seal)))
        if strays and follows(seal, self._last):  # otherwise they belong to a missing seal
            yield SealDifference(seal.number, f"{strays} events in front of it are in no seal")
        tree = MerkleTree()
        for event_hash in events.up_to(end_of(seal)):
            tree.add(event_hash)
        elsewhere = 0 if self.archive is not None else seal.in_archive
        self.sealed += tree.size
        self.archived += elsewhere
        if tree.size + elsewhere != seal.events:
            archived = f", the archive {seal.in_archive}" if elsewhere else ""
            problem = f"{seal.events} events were sealed, the log has {tree.size} there{archived}"
            yield SealDifference(seal.number, problem)
        elif not elsewhere and tree.root() != bytes(seal.root):
            yield SealDifference(seal.number, "the events are not those that were sealed")

    def _compare_with_file(self, path: Path, size: int) -> Iterator[SealDifference]:
        """Compare line by line. The file may begin later, and may not have the newest seals yet."""
        begun = False
        try:
            for number, found in _side_by_side(path, size):
                if "file" not in found:
                    self.unwritten += 1
                    continue
                if begun and self.unwritten:
                    yield SealDifference(number - 1, "the file does not have it, but later ones")
                begun, self.unwritten = True, 0
                if "table" not in found:
                    yield SealDifference(number, "only the file has it")
                elif found["table"] != found["file"]:
                    yield SealDifference(number, "the file has another one")
        except seal_file.BadLineError as error:
            yield SealDifference(None, str(error))


def _with_archived() -> "QuerySet[Any]":
    """Return the seals, each with `in_archive`, the number of its events that are in the archive."""
    return Seal.objects.annotate(in_archive=Coalesce(Sum("stretches__events"), 0)).order_by("number")


class _Events:
    """The hashes of all events in the order of the feed, read up to one position after another."""

    def __init__(self, rows: Iterator[tuple[int, int, bytes | memoryview]] | Iterator[Leaf]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def up_to(self, end: Position) -> Iterator[bytes]:
        """Yield the hashes of the remaining events up to and including `end`."""
        while self._next is not None and self._next[:2] <= end:
            event_hash = self._next[2]
            self._next = next(self._rows, None)
            yield bytes(event_hash)


def _side_by_side(path: Path, size: int) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Yield each number with the seal's line according to the table and according to the file."""
    with closed_at_the_end(Seal.objects.order_by("number").iterator(ROWS_PER_FETCH)) as seals:
        found = heapq.merge(
            ((seal.number, "table", seal_line(seal)) for seal in seals),
            ((line.number, "file", line.text) for line in seal_file.read(path, size=size)),
            key=itemgetter(0),
        )
        for number, lines in groupby(found, key=itemgetter(0)):
            yield number, {where: line for _, where, line in lines}

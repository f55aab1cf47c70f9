"""The leaves of archived events: what the seals need to be recomputed when the events are no longer there.

A file has 48 bytes for each event, in the order of the feed: its transaction and its id as 64-bit integers,
the most significant byte first, and its hash. So a stretch of the feed is found without reading what is
before it, and any number of files is merged in little memory, with none of them open for longer than a read.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from events.feed.reading import BEGINNING, Position

_RECORD = Struct(">qq32s")
_CHUNK = 256  # records

place = itemgetter(0, 1)


class Leaf(NamedTuple):
    """An event as far as a seal knows it."""

    tx_id: int
    id: int
    hash: bytes


class LeafFile(NamedTuple):
    """The leaves of one part of the archive: where they are, and where in the feed they begin and end."""

    path: Path
    first: Position
    last: Position

    def overlaps(self, after: Position, end: Position) -> bool:
        return self.first <= end and self.last > after


def encoded(leaves: Iterable[Leaf]) -> bytes:
    """Return the content of a file with these leaves, which are in the order of the feed."""
    return b"".join(_RECORD.pack(*leaf) for leaf in leaves)


def read(path: Path, *, after: Position = BEGINNING, end: Position | None = None) -> Iterator[Leaf]:
    """Yield the leaves behind `after` up to and with `end`, or all."""
    number = _first_behind(path, after)
    while leaves := _records(path, number, _CHUNK):
        for leaf in leaves:
            if end is not None and place(leaf) > end:
                return
            yield leaf
        number += len(leaves)


def in_order(
    files: Iterable[LeafFile], *, after: Position = BEGINNING, end: Position | None = None
) -> Iterator[Leaf]:
    """Yield the leaves of all files in the order of the feed. A file is read when its turn has come."""
    waiting = deque(sorted(files, key=lambda file: file.first))
    heap: list[tuple[Leaf, int, Iterator[Leaf]]] = []
    begun = 0
    while waiting or heap:
        while waiting and (not heap or waiting[0].first <= place(heap[0][0])):
            leaves = read(waiting.popleft().path, after=after, end=end)
            begun += 1
            for leaf in leaves:
                heapq.heappush(heap, (leaf, begun, leaves))
                break
        if not heap:
            continue
        leaf, number, leaves = heap[0]
        yield leaf
        following = next(leaves, None)
        if following is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (following, number, leaves))


def _first_behind(path: Path, after: Position) -> int:
    """Return the number of the first record behind this place, by halving."""
    low, high = 0, path.stat().st_size // _RECORD.size
    while low < high:
        middle = (low + high) // 2
        if place(_records(path, middle, 1)[0]) <= after:
            low = middle + 1
        else:
            high = middle
    return low


def _records(path: Path, number: int, count: int) -> list[Leaf]:
    """Read so many whole records from this one on, fewer at the end; a record that was cut is none."""
    with path.open("rb") as file:
        file.seek(number * _RECORD.size)
        content = file.read(count * _RECORD.size)
    whole = len(content) // _RECORD.size * _RECORD.size
    return [Leaf(*fields) for fields in _RECORD.iter_unpack(content[:whole])]

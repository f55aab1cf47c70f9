"""The leaves of archived events. They suffice to recompute seals whose events have left the log.

A file has 48 bytes for each event, in the order of the feed: the transaction and the id as big-endian 64-bit
integers, and the hash. So a stretch of the feed can be found without reading what comes before it. Any number
of files can be merged with little memory, and no file stays open between reads.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from events.feed.reading import BEGINNING, Position

_LAYOUT = Struct(">qq32s")
_LEAVES_PER_READ = 256

place = itemgetter(0, 1)


class Leaf(NamedTuple):
    """What a seal covers of an event."""

    tx_id: int
    id: int
    hash: bytes


class LeafFile(NamedTuple):
    """The file with the leaves of one part of the archive, and the positions of the first and the last."""

    path: Path
    first: Position
    last: Position


def encoded(leaves: Iterable[Leaf]) -> bytes:
    """Return the content of a file with these leaves, which must be in the order of the feed."""
    return b"".join(_LAYOUT.pack(*leaf) for leaf in leaves)


def read(path: Path, *, after: Position = BEGINNING, end: Position | None = None) -> Iterator[Leaf]:
    """Yield the leaves after `after` up to and including `end`, or all of them."""
    number = _first_behind(path, after)
    while leaves := _leaves(path, number, _LEAVES_PER_READ):
        for leaf in leaves:
            if end is not None and place(leaf) > end:
                return
            yield leaf
        number += len(leaves)


def in_order(
    files: Iterable[LeafFile], *, after: Position = BEGINNING, end: Position | None = None
) -> Iterator[Leaf]:
    """Yield the leaves of all files in the order of the feed. A file is not read before it is needed."""
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
    """Return the index of the first leaf after this position, by binary search."""
    low, high = 0, path.stat().st_size // _LAYOUT.size
    while low < high:
        middle = (low + high) // 2
        if place(_leaves(path, middle, 1)[0]) <= after:
            low = middle + 1
        else:
            high = middle
    return low


def _leaves(path: Path, number: int, count: int) -> list[Leaf]:
    """Read up to `count` leaves from this index on. A leaf that is cut off at the end is ignored."""
    with path.open("rb") as file:
        file.seek(number * _LAYOUT.size)
        content = file.read(count * _LAYOUT.size)
    whole = len(content) // _LAYOUT.size * _LAYOUT.size
    return [Leaf(*fields) for fields in _LAYOUT.iter_unpack(content[:whole])]

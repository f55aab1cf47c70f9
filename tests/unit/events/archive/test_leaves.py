"""Files of leaves …"""

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.archive import leaves
from events.archive.leaves import Leaf, LeafFile, encoded, in_order, place, read
from events.feed.reading import Position


def leaf(tx_id: int, event_id: int) -> Leaf:
    return Leaf(tx_id, event_id, sha256(f"{tx_id}/{event_id}".encode()).digest())


def write(path: Path, found: list[Leaf]) -> LeafFile:
    path.write_bytes(encoded(found))
    return LeafFile(path, Position(*found[0][:2]), Position(*found[-1][:2]))


def test_they_give_back_what_was_written(tmp_path: Path) -> None:
    found = [leaf(1, 2), leaf(1, 3), leaf(2**62, 1)]

    assert list(read(write(tmp_path / "a", found).path)) == found
    assert (tmp_path / "a").stat().st_size == 3 * 48


@pytest.mark.parametrize("chunk", [1, 2, 256])
def test_they_give_a_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(leaves, "_LEAVES_PER_READ", chunk)
    found = [leaf(tx_id, event_id) for tx_id in range(1, 6) for event_id in (tx_id, tx_id + 10)]
    path = write(tmp_path / "a", found).path

    for begin, after in enumerate([Position(0, 0), *(Position(*each[:2]) for each in found)]):
        for end in range(begin, len(found)):
            stretch = list(read(path, after=after, end=Position(*found[end][:2])))
            assert stretch == found[begin : end + 1]


def test_they_leave_out_a_record_that_was_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a", [leaf(1, 1), leaf(1, 2)]).path
    path.write_bytes(path.read_bytes()[:-1])

    assert list(read(path)) == [leaf(1, 1)]


@given(
    st.lists(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1), max_size=5),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_they_are_merged_in_the_order_of_the_feed(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[tuple[int, int]]], after: tuple[int, int]
) -> None:
    folder = tmp_path_factory.mktemp("leaves")
    files = [
        write(folder / str(number), sorted({leaf(*each) for each in part}))
        for number, part in enumerate(parts)
    ]

    merged = list(in_order(files, after=Position(*after)))

    every = [each for part in parts for each in {leaf(*place_) for place_ in part} if place(each) > after]
    assert sorted(merged) == sorted(every)
    assert all(place(one) <= place(other) for one, other in pairwise(merged))

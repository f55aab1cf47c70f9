"""A filled check…"""

from datetime import datetime, timezone
from typing import Any

import pytest

from dev.bench.fill import WAITING, Place, cell, lives
from events.log.hashing import GENESIS, HashedFields, event_hash

PLACES = [Place(1, (1, 2)), Place(1001, (9, 10))]


def rows_of(check_id: int) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table, row in lives(check_id, PLACES):
        rows.setdefault(table, []).append(row)
    return rows


@pytest.mark.parametrize(
    ("check_id", "types"),
    [
        (WAITING, ["created", "rendered"]),
        (101, ["created", "rendered", "downloaded", "printed"]),
        (200, ["created", "rendered", "downloaded", "failed"]),
    ],
)
def test_it_has_a_whole_life(check_id: int, types: list[str]) -> None:
    rows = rows_of(check_id)
    assert [row[2] for row in rows["events_event"]] == types
    assert [row[10] for row in rows["checks_historicalcheck"]] == types
    assert len(rows["checks_check"]) == 1


def test_it_is_chained() -> None:
    prev_hash = GENESIS
    for *fields, row_hash, stored_prev in rows_of(101)["events_event"]:
        assert stored_prev == prev_hash
        assert event_hash(HashedFields(*fields), prev_hash) == row_hash
        prev_hash = row_hash


def test_it_shares_its_order_with_the_points_other_printer() -> None:
    kitchen, client = rows_of(100)["checks_check"][0], rows_of(101)["checks_check"][0]
    assert kitchen[5] == client[5]
    assert (kitchen[1], client[1]) in {place.printer_ids for place in PLACES}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        (b"\x00\xff", "\\\\x00ff"),
        (7, "7"),
        ("a\\b\tc\nd", "a\\\\b\\tc\\nd"),
        ({"name": 'a"ж'}, '{"name": "a\\\\"ж"}'),
        (datetime(2026, 1, 1, tzinfo=timezone.utc), "2026-01-01T00:00:00+00:00"),
    ],
)
def test_it_is_written_as_copy_reads_it(value: Any, text: str) -> None:
    assert cell(value) == text

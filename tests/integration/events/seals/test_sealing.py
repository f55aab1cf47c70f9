"""Sealing …"""

import fcntl
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from checks import services
from checks.models import Check
from events.jobs import seal
from events.log.hashing import GENESIS
from events.models import Event, Seal
from events.seals import sealing
from events.seals.file import SealFileError, catch_up
from events.seals.form import seal_hash
from events.seals.merkle import MerkleTree
from events.seals.sealing import seal_settled
from foundation.context import Actor
from foundation.db.locks import SEALING
from tests.conftest import NOW
from tests.support.helpers import another_connection, in_threads, record_render, wait_until_settled, within

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another_order(printers: Any, order: dict[str, Any]) -> Callable[[int], None]:
    """Post one more order, two events, and let them settle."""

    def create(order_id: int) -> None:
        services.create_checks(order={**order, "id": order_id}, actor=Actor.order_system(), now=NOW)
        wait_until_settled()

    return create


def root_of(events: Any) -> bytes:
    tree = MerkleTree()
    for event_hash in events.order_by("tx_id", "id").values_list("hash", flat=True):
        tree.add(bytes(event_hash))
    return tree.root()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_it_puts_the_settled_events_under_one_root(created: list[Check], file: Path) -> None:
    record_render(now=NOW)
    wait_until_settled()

    (made,) = seal_settled(now=NOW)

    stored = Seal.objects.get()
    last = Event.objects.order_by("tx_id", "id").last()
    assert last is not None
    assert (stored.number, stored.events, stored.sealed_at) == (1, 3, NOW)
    assert (stored.after_tx_id, stored.after_id) == (0, 0)
    assert (stored.last_tx_id, stored.last_id) == (last.tx_id, last.pk)
    assert bytes(stored.root) == root_of(Event.objects)
    assert (bytes(stored.prev_hash), bytes(stored.hash)) == (GENESIS, seal_hash(stored))
    assert lines(file) == [
        {
            "number": 1,
            "after_tx_id": "0",
            "after_id": "0",
            "last_tx_id": str(last.tx_id),
            "last_id": str(last.pk),
            "events": 3,
            "root": bytes(stored.root).hex(),
            "sealed_at": "2026-01-15T12:00:00.000000+00:00",
            "prev_hash": "00" * 32,
            "hash": bytes(made.hash).hex(),
        }
    ]


def test_it_goes_on_behind_the_last_seal(created: list[Check], another_order: Any) -> None:
    wait_until_settled()
    (first,) = seal_settled(now=NOW)
    another_order(777)

    (second,) = seal_settled(now=NOW)

    assert (second.number, second.events) == (2, 2)
    assert (second.after_tx_id, second.after_id) == (first.last_tx_id, first.last_id)
    assert bytes(second.prev_hash) == bytes(first.hash)
    assert bytes(second.root) == root_of(Event.objects.filter(stream__order_id=777))


def test_it_makes_no_seal_of_nothing(created: list[Check], file: Path) -> None:
    wait_until_settled()
    seal_settled(now=NOW)

    assert seal_settled(now=NOW) == []
    assert len(lines(file)) == 1


def test_it_takes_a_large_backlog_piece_by_piece(
    created: list[Check], another_order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece may end in the middle of a transaction: its events have ids."""
    another_order(777)
    monkeypatch.setattr(sealing, "MAX_EVENTS_PER_SEAL", 3)

    assert [piece.events for piece in seal_settled(now=NOW)] == [3, 1]


def test_it_leaves_the_rest_to_the_next_run(
    created: list[Check], another_order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_order(777)
    monkeypatch.setattr(sealing, "MAX_EVENTS_PER_SEAL", 1)

    assert [len(seal_settled(now=NOW, at_most=3)), len(seal_settled(now=NOW, at_most=3))] == [3, 1]


def test_it_waits_for_what_is_not_settled(created: list[Check]) -> None:
    """An event of a transaction that still runs could come before one that is sealed."""
    writer = another_connection()
    with writer.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
    record_render(now=NOW)

    before = sum(each.events for each in seal_settled(now=NOW))
    writer.rollback()
    writer.close()
    wait_until_settled()

    assert Event.objects.count() - before > 0
    assert sum(each.events for each in seal_settled(now=NOW)) == Event.objects.count() - before


def test_it_is_left_to_whoever_is_at_it(created: list[Check]) -> None:
    wait_until_settled()
    sealer = another_connection()
    with sealer.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", SEALING)

    assert seal_settled(now=NOW) == []

    sealer.rollback()
    sealer.close()
    assert len(seal_settled(now=NOW)) == 1


def test_it_is_harmless_when_many_do_it_at_once(
    created: list[Check], another_order: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order_id in range(1, 6):
        another_order(order_id)
    monkeypatch.setattr(sealing, "MAX_EVENTS_PER_SEAL", 1)

    made = in_threads(8, lambda _: seal_settled(now=NOW))
    seal_settled(now=NOW)

    assert not [each for each in made if isinstance(each, Exception)]
    assert [line["number"] for line in lines(file)] == list(range(1, 13))
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 13))
    assert sum(Seal.objects.values_list("events", flat=True)) == Event.objects.count() == 12


def test_its_job_seals(created: list[Check], file: Path) -> None:
    wait_until_settled()

    seal()

    assert [line["events"] for line in lines(file)] == [2]


def test_it_is_written_to_the_log(created: list[Check], caplog: pytest.LogCaptureFixture) -> None:
    wait_until_settled()

    with caplog.at_level("INFO", logger="events.seals.sealing"):
        (made,) = seal_settled(now=NOW)

    assert bytes(made.root).hex() in caplog.text


# --- The file --------------------------------------------------------------------------------------------


@pytest.fixture
def three(created: list[Check], another_order: Any, file: Path) -> bytes:
    """Three seals, and the file as it should be."""
    wait_until_settled()
    seal_settled(now=NOW)
    for order_id in (777, 778):
        another_order(order_id)
        seal_settled(now=NOW)
    return file.read_bytes()


@pytest.mark.parametrize("kept_lines", [0, 1, 2])
@pytest.mark.parametrize("kept_bytes", [0, 1, 100])
def test_it_completes_a_file_that_a_crash_has_cut(
    three: bytes, file: Path, kept_lines: int, kept_bytes: int
) -> None:
    whole = three.splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:kept_lines]) + whole[kept_lines][:kept_bytes])

    seal()

    assert file.read_bytes() == three


def test_it_writes_the_file_anew_where_there_is_none(three: bytes, file: Path) -> None:
    file.unlink()

    assert catch_up(file) == 3
    assert file.read_bytes() == three


def test_it_waits_for_whoever_is_writing_the_file(three: bytes, file: Path) -> None:
    """Two processes that see the same seal missing must not both write it."""
    whole = three.splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:2]))
    with file.open("ab", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=lambda: (catch_up(file), connection.close()))
        thread.start()
        within(10, lambda: somebody_waits_for(file))
        other.write(whole[2])
    thread.join(10)

    assert file.read_bytes() == three


def somebody_waits_for(file: Path) -> bool:
    """Tell whether the system knows of somebody who waits for a lock of this file."""
    waiting = [line for line in Path("/proc/locks").read_text().splitlines() if "-> FLOCK" in line]
    return any(f":{file.stat().st_ino} " in line for line in waiting)


def forged(line: bytes) -> bytes:
    return line.replace(b'"events":2', b'"events":3')


SPOILT = {
    "another last seal": lambda whole: [*whole[:2], forged(whole[2])],
    "more seals than the table": lambda whole: [*whole, whole[2].replace(b'"number":3', b'"number":4')],
    "another beginning of a seal": lambda whole: [*whole[:2], b'{"x'],
    "the beginning of a seal that is not there": lambda whole: [*whole, b'{"aft'],
    "something else": lambda whole: [b"hello\n"],
    "something long": lambda whole: [b"x" * 5000],
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_is_refused_when_the_file_knows_better(
    three: bytes, file: Path, another_order: Any, name: str
) -> None:
    file.write_bytes(b"".join(SPOILT[name](three.splitlines(keepends=True))))
    spoilt = file.read_bytes()
    another_order(779)

    with pytest.raises(SealFileError):
        seal()

    assert file.read_bytes() == spoilt
    assert Seal.objects.count() == 3


def test_it_seals_nothing_when_the_file_cannot_be_written(
    created: list[Check], tmp_path: Path, settings: Any
) -> None:
    settings.SEAL_FILE = str(tmp_path / "no such folder" / "seals.jsonl")
    wait_until_settled()

    with pytest.raises(FileNotFoundError):
        seal()

    assert not Seal.objects.exists()


# --- The table -------------------------------------------------------------------------------------------

STATEMENTS = {
    "update": "UPDATE events_seal SET events = 1",
    "delete": "DELETE FROM events_seal",
    "truncate": "TRUNCATE events_seal",
    "upsert": "INSERT INTO events_seal TABLE events_seal ON CONFLICT (number) DO UPDATE SET events = 1",
}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_its_table_refuses(three: bytes, name: str, mode: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {mode}")
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(STATEMENTS[name])
        transaction.set_rollback(True)

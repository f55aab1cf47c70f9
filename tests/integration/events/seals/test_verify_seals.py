"""verify_events, where events are sealed, …

What only the seals can tell: everything here is done as the owner of the tables, who takes care that checks,
events and history agree with each other afterwards.
"""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from checks import services
from checks.integrity.verification import verify
from checks.models import Check
from events.log.hashing import GENESIS, HashedFields, event_hash
from events.models import Event, Seal
from events.seals.form import seal_hash
from events.seals.merkle import MerkleTree
from events.seals.sealing import seal_settled
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import record_render, wait_until_settled
from tests.support.owner import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(created: list[Check], printers: dict[str, Printer], file: Path) -> Check:
    """A printed check of four events in two seals; a third seal has another order."""
    check = created[0]
    wait_until_settled()
    seal_settled(now=NOW)
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=check.pk, now=NOW)
    services.confirm_print(printer=printers["key1"], check_id=check.pk, now=NOW)
    wait_until_settled()
    seal_settled(now=NOW)
    services.create_checks(order={**check.order, "id": 777}, actor=Actor.order_system(), now=NOW)
    wait_until_settled()
    seal_settled(now=NOW)
    return check


@pytest.fixture
def as_owner() -> Callable[..., None]:
    """Run statements without the triggers, as the owner of the tables can."""

    def run(*statements: tuple[str, list[Any]]) -> None:
        with without_triggers(), connection.cursor() as cursor:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                assert cursor.rowcount > 0, sql

    return run


def said(**options: Any) -> tuple[int, list[str]]:
    """Run the command; return its exit code and its lines."""
    out = StringIO()
    try:
        call_command("verify_events", quiet=True, stdout=out, **options)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def without_seals_nothing_is_wrong() -> bool:
    return not [each.differences for each in verify() if each.differences]


def test_it_has_nothing_to_complain_of(sealed: Check) -> None:
    services.mark_failed(
        check_id=Check.objects.filter(order_id=777)[0].pk, reason="x", actor=Actor.sweeper(), now=NOW
    )

    assert said() == (
        0,
        ["3 seals of 7 events; 1 events are not sealed yet.", "4 checks, 8 events, 0 differences."],
    )


def test_it_finds_a_truncated_tail(sealed: Check, as_owner: Any) -> None:
    """The last two events of a check, with their history records; the columns are put back."""
    as_owner(
        ("DELETE FROM events_event WHERE check_id = %s AND version > 2", [sealed.pk]),
        ("DELETE FROM checks_historicalcheck WHERE id = %s AND version > 2", [sealed.pk]),
    )
    call_command("rebuild_checks", quiet=True, stdout=StringIO())
    assert without_seals_nothing_is_wrong()

    code, lines = said()

    assert code == 1
    assert "seal 2: 3 events were sealed, the log has 1 there" in lines


def test_it_finds_a_rewritten_stream(sealed: Check, as_owner: Any) -> None:
    """Another history with hashes that fit: it was printed by hand."""
    rows = list(Event.objects.filter(stream=sealed).order_by("version"))
    rows[-1].data = {"how": "by_hand"}
    rewritten, prev_hash = [], GENESIS
    for row in rows:
        fields = HashedFields(*(getattr(row, name) for name in HashedFields._fields))
        row_hash = event_hash(fields, prev_hash)
        sql = "UPDATE events_event SET data = %s::jsonb, hash = %s, prev_hash = %s WHERE id = %s"
        rewritten.append((sql, [json.dumps(row.data), row_hash, prev_hash, row.pk]))
        prev_hash = row_hash
    as_owner(*rewritten)
    assert without_seals_nothing_is_wrong()

    code, lines = said()

    assert code == 1
    assert "seal 2: the events are not those that were sealed" in lines


def test_it_finds_a_deleted_check(sealed: Check, as_owner: Any) -> None:
    """The check with all of its events and all of its history: as if it had never been."""
    as_owner(
        ("DELETE FROM events_event WHERE check_id = %s", [sealed.pk]),
        ("DELETE FROM checks_historicalcheck WHERE id = %s", [sealed.pk]),
        ("DELETE FROM checks_check WHERE id = %s", [sealed.pk]),
    )
    assert without_seals_nothing_is_wrong()

    code, lines = said()

    assert code == 1
    assert "seal 1: 2 events were sealed, the log has 1 there" in lines
    assert "seal 2: 3 events were sealed, the log has 0 there" in lines


def test_it_finds_an_event_that_was_slipped_in(sealed: Check, as_owner: Any) -> None:
    as_owner(("UPDATE events_event SET tx_id = 1 WHERE check_id <> %s AND version = 1", [sealed.pk]))

    assert "seal 1: 2 events were sealed, the log has 4 there" in said()[1]


def test_it_finds_an_event_that_hides_in_front_of_all(sealed: Check, as_owner: Any) -> None:
    services.reprint_check(check_id=sealed.pk, reason="x", actor=Actor.sweeper(), now=NOW)
    as_owner(("UPDATE events_event SET tx_id = -1 WHERE type = 'reprinted'", []))

    assert "seal 1: 1 events in front of it are in no seal" in said()[1]


def rewritten_seals(first: int) -> list[tuple[str, list[Any]]]:
    """Statements that give the seals from this one on the events as they are now, and fitting hashes."""
    statements, last = [], Seal.objects.filter(number=first - 1).first()
    for seal in Seal.objects.filter(number__gte=first).order_by("number"):
        tree = MerkleTree()
        for event in Event.objects.order_by("tx_id", "id"):
            if (seal.after_tx_id, seal.after_id) < (event.tx_id, event.pk) <= (seal.last_tx_id, seal.last_id):
                tree.add(bytes(event.hash))
        seal.events, seal.root = tree.size, tree.root()
        seal.prev_hash = bytes(last.hash) if last else GENESIS
        seal.hash = seal_hash(seal)
        sql = "UPDATE events_seal SET events = %s, root = %s, prev_hash = %s, hash = %s WHERE number = %s"
        statements.append((sql, [seal.events, seal.root, seal.prev_hash, seal.hash, seal.number]))
        last = seal
    return statements


def test_it_finds_rewritten_seals_by_their_file(sealed: Check, as_owner: Any) -> None:
    """Whoever rewrites events and seals still has the file against him."""
    as_owner(
        ("DELETE FROM events_event WHERE check_id = %s AND version > 2", [sealed.pk]),
        ("DELETE FROM checks_historicalcheck WHERE id = %s AND version > 2", [sealed.pk]),
    )
    call_command("rebuild_checks", quiet=True, stdout=StringIO())
    as_owner(*rewritten_seals(2))

    code, lines = said()

    assert code == 1
    assert lines[:2] == ["seal 2: the file has another one", "seal 3: the file has another one"]


def test_it_cannot_find_them_without_the_file(sealed: Check, as_owner: Any, settings: Any) -> None:
    """What is promised ends here: the file has to be where the tables' owner cannot change it."""
    as_owner(*rewritten_seals(2))
    settings.SEAL_FILE = ""

    assert said()[0] == 0


TAMPERING = {
    "a deleted seal in the middle": (
        "DELETE FROM events_seal WHERE number = 2",
        ["seal 2: the seal is missing; the next is seal 3", "seal 2: only the file has it"],
    ),
    "a deleted first seal": (
        "DELETE FROM events_seal WHERE number = 1",
        ["seal 1: the seal is missing; the next is seal 2", "seal 1: only the file has it"],
    ),
    "a deleted last seal": (
        "DELETE FROM events_seal WHERE number = 3",
        ["seal 3: only the file has it"],
    ),
    "deleted seals": (
        "DELETE FROM events_seal",
        ["seal 1: only the file has it", "seal 2: only the file has it", "seal 3: only the file has it"],
    ),
    "another time": (
        "UPDATE events_seal SET sealed_at = now() WHERE number = 2",
        ["seal 2: it does not fit its hash", "seal 2: the file has another one"],
    ),
    "another number of events": (
        "UPDATE events_seal SET events = 9 WHERE number = 2",
        [
            "seal 2: it does not fit its hash",
            "seal 2: 9 events were sealed, the log has 3 there",
            "seal 2: the file has another one",
        ],
    ),
    "another root": (
        "UPDATE events_seal SET root = hash WHERE number = 2",
        [
            "seal 2: it does not fit its hash",
            "seal 2: the events are not those that were sealed",
            "seal 2: the file has another one",
        ],
    ),
    "another predecessor": (
        "UPDATE events_seal SET prev_hash = hash WHERE number = 2",
        [
            "seal 2: it does not follow the seal before it",
            "seal 2: it does not fit its hash",
            "seal 2: the file has another one",
        ],
    ),
    "another beginning": (
        "UPDATE events_seal SET after_id = 0 WHERE number = 2",
        [
            "seal 2: it does not follow the seal before it",
            "seal 2: it does not fit its hash",
            "seal 2: the file has another one",
        ],
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_it_finds(sealed: Check, as_owner: Any, name: str) -> None:
    sql, complaints = TAMPERING[name]
    as_owner((sql, []))

    code, lines = said()

    assert code == 1
    assert [line for line in lines if line.startswith("seal ")] == complaints


# --- The file --------------------------------------------------------------------------------------------


def test_it_says_which_seals_the_file_does_not_have_yet(sealed: Check, file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:1]) + b'{"aft')

    code, lines = said()

    assert (code, lines[1]) == (0, f"2 seals are not in {file} yet.")


def test_it_takes_a_file_that_begins_later(sealed: Check, file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))

    assert said()[0] == 0


SPOILT = {
    "a missing line": (
        lambda whole: [whole[0], whole[2]],
        "seal 2: the file does not have it, but later ones",
    ),
    "another line": (
        lambda whole: [whole[0], whole[1].replace(b'"events":3', b'"events":2'), whole[2]],
        "seal 2: the file has another one",
    ),
    "a line of something else": (
        lambda whole: [whole[0], b"hello\n", whole[2]],
        "seals: Line 2 of the file of seals is not a seal that follows the one before.",
    ),
    "a line twice": (
        lambda whole: [whole[0], whole[0]],
        "seals: Line 2 of the file of seals is not a seal that follows the one before.",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_finds_in_the_file(sealed: Check, file: Path, name: str) -> None:
    spoil, complaint = SPOILT[name]
    file.write_bytes(b"".join(spoil(file.read_bytes().splitlines(keepends=True))))

    code, lines = said()

    assert (code, complaint in lines) == (1, True)


def test_it_takes_another_file_when_told_so(sealed: Check, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(file.read_bytes().replace(b'"events":3', b'"events":2'))

    code, lines = said(seals=other)

    assert (code, lines[0]) == (1, "seal 2: the file has another one")


def test_it_refuses_a_file_that_is_not_there(sealed: Check, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        said(seals=tmp_path / "nothing")


def test_it_says_so_when_the_usual_file_is_not_there(sealed: Check, file: Path) -> None:
    file.unlink()

    code, lines = said()

    assert (code, lines[0]) == (0, f"There is no file {file} to compare the seals with.")


def test_it_leaves_the_seals_alone_when_asked_for_single_checks(sealed: Check, as_owner: Any) -> None:
    as_owner(("DELETE FROM events_seal", []))
    out = StringIO()

    call_command("verify_events", str(sealed.pk), quiet=True, stdout=out)

    assert out.getvalue() == "1 checks, 4 events, 0 differences.\n"

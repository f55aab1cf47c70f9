"""verify_events, with the archive, finds …"""

import gzip
import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from checks.integrity.archive import parts
from events.archive.leaves import Leaf, encoded
from events.log.hashing import GENESIS, HashedText, event_hash
from tests.integration.checks.integrity.archive.helpers import run, verified
from tests.support.owner import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archived(orders: list[int], folder: Path) -> Path:
    run(folder)
    assert verified(archive=folder)[0] == 0
    return folder


def path(folder: Path, suffix: str) -> Path:
    (found,) = folder.glob(f"*/00000001{suffix}")
    return found


def lines(folder: Path) -> list[dict[str, Any]]:
    packed = path(folder, parts.CHECKS).read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def write(folder: Path, checks: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(check) + "\n" for check in checks)
    path(folder, parts.CHECKS).write_bytes(gzip.compress(text.encode()))


def change_event(folder: Path) -> None:
    checks = lines(folder)
    checks[0]["events"][2]["data"] = {"how": "confirmed"}
    write(folder, checks)


def change_status(folder: Path) -> None:
    checks = lines(folder)
    checks[0]["check"]["status"] = "failed"
    write(folder, checks)


def drop_check(folder: Path) -> None:
    write(folder, lines(folder)[1:])


def drop_event(folder: Path) -> None:
    checks = lines(folder)
    del checks[1]["events"][-1]
    write(folder, checks)


def drop_record(folder: Path) -> None:
    checks = lines(folder)
    del checks[1]["history"][-1]
    write(folder, checks)


def double_check(folder: Path) -> None:
    checks = lines(folder)
    write(folder, [*checks, checks[0]])


def double_event(folder: Path) -> None:
    checks = lines(folder)
    checks[0]["events"].append(checks[0]["events"][-1])
    write(folder, checks)


def add_person(folder: Path) -> None:
    checks = lines(folder)
    checks[0]["check"]["order"]["client"]["name"] = "Иван"
    write(folder, checks)


def cut_file(folder: Path) -> None:
    packed = path(folder, parts.CHECKS)
    packed.write_bytes(packed.read_bytes()[:-20])


def remove(suffix: str) -> Callable[[Path], None]:
    return lambda folder: path(folder, suffix).unlink()


def flip(suffix: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = bytearray(path(folder, suffix).read_bytes())
        content[-3] ^= 1
        path(folder, suffix).write_bytes(content)

    return change


def copy_part(folder: Path) -> None:
    (day,) = folder.iterdir()
    shutil.copytree(day, folder / "2025-11-17")


def remove_part(folder: Path) -> None:
    (day,) = folder.iterdir()
    shutil.rmtree(day)


def edit_manifest(folder: Path) -> None:
    manifest = path(folder, parts.MANIFEST)
    manifest.write_text(manifest.read_text() + "\n")


CHANGED = "archive, part 1: the file 00000001.ndjson.gz is not as it was written"
FORGERIES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a changed event": (change_event, [CHANGED, "version 3: the event “printed” does not fit its hash"]),
    "a changed row": (change_status, [CHANGED, "status is cached as 'failed', the events have 'printed'"]),
    "a missing check": (drop_check, [CHANGED, "the manifest says 6 checks, its checks have 5", "is missing"]),
    "a missing event": (drop_event, [CHANGED, "a history record has no event"]),
    "a missing record": (drop_record, [CHANGED, "the history record is missing"]),
    "a doubled check": (double_check, [CHANGED, "is there twice"]),
    "a doubled event": (double_event, [CHANGED, "the event is missing; the next is version 4"]),
    "personal data": (add_person, [CHANGED, "the check is erased, but its personal data is there"]),
    "a cut file": (cut_file, [CHANGED, "its checks cannot be read: EOFError"]),
    "a missing file": (remove(parts.CHECKS), ["the file 00000001.ndjson.gz is missing"]),
    "missing leaves": (
        remove(parts.LEAVES),
        ["the file 00000001.leaves is missing", "seal 1: 9 events were sealed, the log has 2 there"],
    ),
    "changed leaves": (
        flip(parts.LEAVES),
        [
            "the file 00000001.leaves is not as it was written",
            "the leaves are not those of its events",
            "seal 3: the events are not those that were sealed",
        ],
    ),
    "a missing manifest": (remove(parts.MANIFEST), ["archive, part 1: the manifest is missing"]),
    "another manifest": (edit_manifest, ["the manifest is not the one that was listed"]),
    "a broken manifest": (
        lambda folder: path(folder, parts.MANIFEST).write_text("{"),
        ["the manifest cannot be read"],
    ),
    "a doubled part": (copy_part, ["2025-11-17/00000001.json: no part that is listed has this file"]),
    "a missing part": (remove_part, ["archive, part 1: the manifest is missing"]),
    "a stray file": (
        lambda folder: (folder / "notes.txt").write_text(""),
        ["archive, notes.txt: it is no file of the archive"],
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_it_finds(archived: Path, name: str) -> None:
    forge, expected = FORGERIES[name]
    forge(archived)

    code, said = verified(archive=archived)

    assert code == 1
    for words in expected:
        assert [line for line in said if words in line], (words, said)


def rewrite_part(folder: Path) -> None:
    """Another history, with hashes that fit in all three files: the first check was confirmed."""
    checks = lines(folder)
    events, prev_hash = checks[0]["events"], GENESIS
    events[2]["data"] = {"how": "confirmed"}
    for event in events:
        text = event["occurred_at"]
        moment = f"{text[:10]}T{text[11:19]}.{text[20:-3]:0<6}+00:00"
        fields = HashedText(*(event[_NAMES.get(name, name)] for name in HashedText._fields))
        own = event_hash(fields._replace(occurred_at=moment), prev_hash)
        event["hash"], event["prev_hash"] = own.hex(), prev_hash.hex()
        prev_hash = own
    write(folder, checks)
    every = sorted(
        (e["tx_id"], e["id"], bytes.fromhex(e["hash"])) for check in checks for e in check["events"]
    )
    path(folder, parts.LEAVES).write_bytes(encoded(Leaf(*each) for each in every))
    manifest = json.loads(path(folder, parts.MANIFEST).read_text())
    for suffix in (parts.CHECKS, parts.LEAVES):
        file = path(folder, suffix)
        manifest["files"][file.name] = parts.facts_of(file)._asdict()
    path(folder, parts.MANIFEST).write_text(json.dumps(manifest))


_NAMES = {"stream_id": "check_id"}


def as_owner(sql: str, *parameters: Any) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.rowcount > 0


def test_it_finds_a_part_that_was_rewritten_together_with_its_listing(archived: Path) -> None:
    """Only the seals know."""
    rewrite_part(archived)
    digest = sha256(path(archived, parts.MANIFEST).read_bytes()).digest()
    as_owner("UPDATE events_archivepart SET manifest_sha256 = %s", digest)

    code, said = verified(archive=archived)

    assert code == 1
    assert [line for line in said if "archive, " in line] == []
    assert "seal 1: the events are not those that were sealed" in said


def test_it_finds_a_check_that_was_taken_off_the_list(archived: Path) -> None:
    as_owner("DELETE FROM events_archivedcheck WHERE order_id = 2")

    code, said = verified(archive=archived)

    assert code == 1
    assert len([line for line in said if "is not listed there" in line]) == 2


def test_it_finds_a_stretch_that_was_taken_off_the_list_without_the_archive_too(archived: Path) -> None:
    as_owner("DELETE FROM events_archivedstretch WHERE seal_id = 1")

    assert "seal 1: 9 events were sealed, the log has 2 there" in verified()[1]
    assert "the seals over it are not those that were listed" in "".join(verified(archive=archived)[1])


def test_it_finds_events_that_are_listed_as_archived_and_are_not(archived: Path) -> None:
    """The owner lists a part that never was, and takes the events of an open check out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            BEGIN;
            INSERT INTO events_archivepart (number, day, checks, events, manifest_sha256, archived_at)
                VALUES (2, '2025-11-16', 2, 2, decode(repeat('00', 32), 'hex'), now());
            INSERT INTO events_archivedcheck (check_id, order_id, part_id)
                SELECT id, order_id, 2 FROM checks_check WHERE order_id = 3;
            INSERT INTO events_archivedstretch (part_id, seal_id, events) VALUES (2, 1, 2);
            DELETE FROM events_event WHERE check_id IN (SELECT id FROM checks_check WHERE order_id = 3);
            DELETE FROM checks_historicalcheck WHERE order_id = 3;
            DELETE FROM checks_check WHERE order_id = 3;
            COMMIT
            """
        )

    code, said = verified(archive=archived)

    assert code == 1
    assert "archive, part 2: the manifest is missing" in said
    assert "seal 1: 9 events were sealed, the log has 7 there" in said


def test_it_finds_a_check_that_is_in_the_tables_too(archived: Path) -> None:
    as_owner(
        "INSERT INTO events_archivedcheck (check_id, order_id, part_id) "
        "SELECT id, order_id, 1 FROM checks_check WHERE order_id = 3"
    )

    code, said = verified()

    assert code == 1
    assert len([line for line in said if "it is in the archive, and still in the tables" in line]) == 2


def test_it_verifies_a_named_check_where_it_is(archived: Path) -> None:
    check_id = str(lines(archived)[0]["check"]["id"])

    assert verified(check_id) == (
        0,
        [
            f"Check {check_id} is in part 1 of the archive: --archive verifies it.",
            "0 checks, 0 events, 0 differences.",
        ],
    )
    change_event(archived)
    assert verified(check_id, archive=archived)[0] == 1


def test_it_says_that_an_interrupted_run_has_left_a_part(orders: list[int], folder: Path) -> None:
    def interrupt(step: str) -> None:
        if step == "the part is verified":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, interrupt)

    code, said = verified(archive=folder)

    assert code == 0
    assert [line for line in said if "archive_events was interrupted; run it again" in line]

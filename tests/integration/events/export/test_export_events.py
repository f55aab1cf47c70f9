"""`manage.py export_events` …"""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone as django_timezone
from pyarrow import parquet

from checks import services
from checks.models import Check
from events.export import files, run
from events.models import Event
from events.seals.form import seal_form
from events.seals.sealing import seal_settled
from foundation.context import Actor
from tests.support.helpers import another_connection, wait_until_settled
from tests.support.profiles import examples
from tests.support.writers import INSERT

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = ["csv", "ndjson", "parquet"]
START = datetime(2026, 3, 1, 22, 0, tzinfo=timezone.utc)


def export(place: Any, *arguments: str) -> str:
    out = io.StringIO()
    call_command("export_events", str(place), "--quiet", *arguments, stdout=out)
    return out.getvalue()


def manifest_of(folder: Path) -> Any:
    """Return the manifest, having compared every file with it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {"manifest.json", *(file["name"] for file in manifest["files"])}
    return manifest


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of all files that the manifest names, in its order."""
    rows: list[dict[str, Any]] = []
    for file in manifest_of(folder)["files"]:
        path = folder / file["name"]
        if path.suffix == ".parquet":
            rows += parquet.read_table(path).to_pylist()
        elif path.suffix == ".ndjson":
            rows += [json.loads(line) for line in path.read_text().splitlines()]
        else:
            rows += csv.DictReader(io.StringIO(path.read_text()))
    return rows


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [int(row["id"]) for row in rows]


def all_ids() -> list[int]:
    return list(Event.objects.order_by("tx_id", "id").values_list("id", flat=True))


def fill(check: Check, first: int, count: int) -> None:
    """Add events without a meaning, one an hour."""
    columns = INSERT.split("VALUES")[0]
    values = (
        "%s, n, 'retried', 1, jsonb_build_object('reason', E'\"a\\\\,\\n;' || n), 'staff:1', "
        "md5('c' || n)::uuid, %s + n * interval '1 hour', md5('e' || n)::uuid, %s, %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{columns} SELECT {values} FROM generate_series(%s, %s) n",  # noqa: S608
            [check.pk, START, b"\0" * 32, b"\0" * 32, first, first + count - 1],
        )
    wait_until_settled()


@pytest.mark.parametrize("form", FORMATS)
def test_it_writes_every_event_a_file_a_day(created: list[Check], tmp_path: Path, form: str) -> None:
    fill(created[0], 2, 40)

    said = export(tmp_path, "--format", form)

    manifest, rows = manifest_of(tmp_path), rows_of(tmp_path)
    assert sorted(ids(rows)) == sorted(all_ids())
    assert said.startswith("Added 42 events")
    assert [file["day"] for file in manifest["files"]] == ["2026-01-15", "2026-03-02", "2026-03-03"]
    assert [file["events"] for file in manifest["files"]] == [2, 24, 16]
    event, row = Event.objects.get(version=7), next(row for row in rows if int(row["version"]) == 7)
    data = row["data"] if form == "ndjson" else json.loads(row["data"])
    assert data == event.data
    assert row["hash"] == bytes(event.hash).hex()
    assert (int(row["tx_id"]), str(row["event_uid"])) == (event.tx_id, str(event.event_uid))
    moment = row["occurred_at"] if form == "parquet" else datetime.fromisoformat(_padded(row["occurred_at"]))
    assert moment == event.occurred_at


def _padded(moment: str) -> str:
    return moment + ":00" if moment.endswith("+00") else moment


@pytest.mark.parametrize("form", FORMATS)
def test_it_adds_what_has_been_settled_since(created: list[Check], tmp_path: Path, form: str) -> None:
    wait_until_settled()
    export(tmp_path, "--format", form)
    first = manifest_of(tmp_path)["files"]
    writer = another_connection()
    with writer.cursor() as cursor:  # an event that is written, and not settled
        cursor.execute(
            INSERT,
            (
                created[1].pk,
                2,
                "00000000-0000-0000-0000-000000000001",
                "00000000-0000-0000-0000-000000000002",
                b"\0" * 32,
                b"\0" * 32,
            ),
        )
    services.mark_failed(check_id=created[0].pk, reason="", actor=Actor.command(), now=django_timezone.now())
    assert export(tmp_path, "--format", form).startswith("Added 0 events")
    writer.commit()
    writer.close()
    wait_until_settled()

    said = export(tmp_path, "--format", form)

    assert said.startswith("Added 2 events")
    assert ids(rows_of(tmp_path)) == all_ids()
    assert manifest_of(tmp_path)["files"][: len(first)] == first


def test_it_takes_portions_and_keeps_few_files_open(
    created: list[Check], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "EVENTS_PER_PORTION", 100)
    monkeypatch.setattr(files, "BUFFER_BYTES", 1000)
    fill(created[0], 2, 400)

    export(tmp_path)

    assert ids(rows_of(tmp_path)) == all_ids()
    starts = {file["name"].split("/")[1].rsplit("-", 1)[0] for file in manifest_of(tmp_path)["files"]}
    assert len(starts) == 5


@pytest.mark.parametrize("form", FORMATS)
def test_it_goes_on_wherever_it_was_killed(created: list[Check], tmp_path: Path, form: str) -> None:
    """With a signal that nobody can catch, at several moments of its run in small portions."""
    fill(created[0], 2, 300)
    place, killed = tmp_path / "out", 0
    moments = examples(3, 6)
    for tick in (2, 9, 20, 5, 14, 27)[:moments]:
        killed += _run_and_kill(place, form, tick)

    said = export(place, "--format", form)

    assert killed > moments // 2
    assert said.startswith("Added ")
    assert sorted(ids(rows_of(place))) == sorted(all_ids())


PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from events.export import files, places, run
run.EVENTS_PER_PORTION, files.BUFFER_BYTES = 60, 2000
left = int(sys.argv[3])

def counted(function):
    def call(*arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return call

for name in ("write", "finish"):
    setattr(places.FileOutput, name, counted(getattr(places.FileOutput, name)))
os.fsync = counted(os.fsync)
call_command("export_events", sys.argv[1], "--quiet", "--format", sys.argv[2])
"""


def _run_and_kill(place: Path, form: str, tick: int) -> bool:
    database = connection.get_connection_params()
    address = f"postgres://{database['user']}@/{database['dbname']}?host={database['host']}"
    address += f"&port={database.get('port') or 5432}"
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(place), form, str(tick)],
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "forfar.settings"},
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr.decode()
    return ended.returncode == -signal.SIGKILL


def test_it_filters(created: list[Check], tmp_path: Path) -> None:
    fill(created[0], 2, 40)
    since = START + timedelta(hours=20)

    export(tmp_path, "--since", since.isoformat(), "--type", "retried")

    assert len(rows_of(tmp_path)) == 22
    assert manifest_of(tmp_path)["filters"] == {"since": since.isoformat(), "type": "retried"}
    assert all(row["type"] == "retried" for row in rows_of(tmp_path))


@pytest.mark.parametrize("arguments", [["--format", "ndjson"], ["--type", "failed"]], ids=str)
def test_it_mixes_no_exports(created: list[Check], tmp_path: Path, arguments: list[str]) -> None:
    wait_until_settled()
    export(tmp_path)
    before = manifest_of(tmp_path)

    with pytest.raises(CommandError, match="has an export with other options"):
        export(tmp_path, *arguments)

    assert manifest_of(tmp_path) == before


def test_it_runs_once_at_a_time(created: list[Check], tmp_path: Path) -> None:
    other = another_connection()
    with run._alone(str(tmp_path)), connection.cursor() as cursor:
        cursor.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = 24")
        ((number,),) = cursor.fetchall()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(24, %s)", [number - 2**32 if number >= 2**31 else number])

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10ms'")
        with pytest.raises(CommandError, match="Another export"):
            export(tmp_path)
        cursor.execute("RESET lock_timeout")
    other.close()


@pytest.mark.parametrize(
    "arguments", [["--since", "yesterday"], ["--check", "x"], ["--type", "nothing"]], ids=str
)
def test_it_says_what_it_does_not_understand(db: None, tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=arguments[0]):
        export(tmp_path, *arguments)

    assert list(tmp_path.iterdir()) == []


def test_it_leaves_other_files_alone(created: list[Check], tmp_path: Path) -> None:
    wait_until_settled()
    (tmp_path / "day=2026-01-15").mkdir()
    stale = tmp_path / "day=2026-01-15" / "events-0-0-0007.csv.part"
    notes = tmp_path / "notes.csv"
    for path in (stale, notes):
        path.write_text("x")

    export(tmp_path)

    assert notes.exists()
    assert not stale.exists()


def test_it_says_which_seals_it_covers(created: list[Check], tmp_path: Path) -> None:
    wait_until_settled()
    (seal,) = seal_settled(now=django_timezone.now())

    export(tmp_path)

    assert manifest_of(tmp_path)["seals"] == seal_form(seal)


@pytest.mark.parametrize("form", FORMATS)
def test_it_knows_nothing_of_clients(created: list[Check], order: Any, tmp_path: Path, form: str) -> None:
    wait_until_settled()
    export(tmp_path, "--format", form)

    rows = str(rows_of(tmp_path))
    assert len(rows_of(tmp_path)) == 2
    for personal in (order["address"], order["client"]["name"], str(order["client"]["phone"])):
        assert personal not in rows


def test_it_writes_where_pyarrow_reaches(created: list[Check], tmp_path: Path) -> None:
    """The same code as for a bucket, with files behind it."""
    wait_until_settled()
    place = f"file://{tmp_path}/lake"
    export(place)
    fill(created[0], 2, 30)
    (tmp_path / "lake" / "day=2026-01-15" / "events-1-1-0001.csv").write_text("left over")

    export(place)

    assert sorted(ids(rows_of(tmp_path / "lake"))) == sorted(all_ids())

"""A backup as docs/operations.md describes it …"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from checks import services
from checks.models import Check
from dev.server.places import postgres_programs
from tests.conftest import NOW
from tests.functional.processes import database_address, environment
from tests.support.helpers import record_render, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

RESTORED = "restored"


def program(name: str) -> str:
    """Return PostgreSQL's program: the embedded server's, which is as new as any that the tests run on."""
    return str(postgres_programs() / name)


@pytest.fixture
def new_database() -> Iterator[str]:
    if connection.pg_version < 100000:
        pytest.skip("pg_restore of the embedded server restores into nothing older than PostgreSQL 10")
    name = f"{connection.settings_dict['NAME']}_{RESTORED}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield database_address(name)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def manage(address: str, media: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    variables = environment(DATABASE_URL=address, MEDIA_ROOT=str(media))
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=django_settings.BASE_DIR, env=variables, capture_output=True, text=True, check=False
    )


def test_it_is_restored_into_a_new_database_where_every_check_verifies(
    created: list[Check], printers: Any, tmp_path: Path, new_database: str
) -> None:
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)
    wait_until_settled()

    dump = tmp_path / "forfar.dump"
    _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={database_address()}")
    files = Path(shutil.copytree(django_settings.MEDIA_ROOT, tmp_path / "restored-media"))
    services.confirm_print(printer=printers["key1"], check_id=created[0].pk, now=NOW)  # is not in the backup
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={new_database}", str(dump))

    verified = manage(new_database, files, "verify_events", "--quiet")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert manage(new_database, files, "migrate", "--check").returncode == 0
    assert manage(new_database, files, "has_checks").returncode == 0
    assert _query(new_database, "SELECT string_agg(type, ' ' ORDER BY id) FROM events_event") == (
        "created created rendered downloaded"
    )
    (pdf,) = (files / "pdf").iterdir()
    assert pdf.name == _query(new_database, "SELECT pdf_file FROM checks_check WHERE pdf_file <> ''")[4:]


def test_it_is_still_append_only_when_it_is_restored(
    created: list[Check], tmp_path: Path, new_database: str
) -> None:
    dump = tmp_path / "forfar.dump"
    _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={database_address()}")
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={new_database}", str(dump))

    with pytest.raises(subprocess.CalledProcessError) as refused:
        _query(new_database, "SET session_replication_role = replica; DELETE FROM events_event")

    assert "append-only" in refused.value.stderr


def _run(name: str, *arguments: str) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        [program(name), *arguments], env=clean, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def _query(address: str, statement: str) -> str:
    return _run("psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, address)

"""With a streaming replica as the analysts' database …"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from checks import services
from checks.models import Check
from dev.server.places import DataFolder, make_socket_folder, postgres_programs
from dev.server.postgres import postgres
from dev.server.privilege import postgres_account
from foundation.context import Actor
from tests.conftest import NOW
from tests.functional.processes import database_address, environment
from tests.support.helpers import wait_until_settled, within
from tests.support.writers import Writer, new_writer

__all__ = ["new_writer"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def server(data: DataFolder) -> Iterator[str]:
    """Run a server of its own on the data folder, and give the folder of its socket."""
    data.create()
    sockets = make_socket_folder(data.root)
    with postgres(data, sockets, durable=False):
        yield str(sockets)
    sockets.rmdir()


@pytest.fixture
def replica(tmp_path: Path, created: list[Check]) -> Iterator[Any]:
    """A standby of the test's server; a session on it in the test's database."""
    own = connection.get_connection_params()
    if not str(own.get("host", "")).startswith("/"):
        pytest.skip("the database is another machine's: no base backup of it")
    data = DataFolder(tmp_path / "standby")
    data.create()
    program = str(postgres_programs() / "pg_basebackup")
    command = [program, "-D", str(data.postgres), "-R", "-c", "fast", "-h", own["host"], "-U", own["user"]]
    subprocess.run(command, check=True, capture_output=True, env=environment())
    account = postgres_account(data.root / "nothing", postgres_programs() / "postgres")
    for path in (data.postgres, *data.postgres.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    with server(data) as host:
        session = psycopg2.connect(host=host, dbname=own["dbname"], user=own["user"])
        session.autocommit = True
        with closing(session):
            yield session


def asked(session: Any, sql: str) -> Any:
    with session.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def caught_up(session: Any) -> None:
    """Wait until the replica has what the main server has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        (written,) = cursor.fetchone()
    within(20, lambda: asked(session, f"SELECT pg_last_wal_replay_lsn() >= '{written}'"))


def export(folder: Path, host: str) -> subprocess.CompletedProcess[str]:
    """Run export_events as an operator does who has set ANALYTICS_DATABASE_URL."""
    main = database_address()
    own = connection.get_connection_params()
    variables = environment(
        DATABASE_URL=main, ANALYTICS_DATABASE_URL=main.replace(quote(own["host"], safe=""), host)
    )
    command = [sys.executable, "manage.py", "export_events", str(folder), "--quiet"]
    return subprocess.run(
        command, env=variables, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_it_follows_the_replica_and_skips_nothing(
    replica: Any, created: list[Check], new_writer: Callable[[], Writer], tmp_path: Path
) -> None:
    """A lag delays; a transaction that is open on the main server holds the replica's horizon too."""
    host, folder = replica.get_dsn_parameters()["host"], tmp_path / "lake"
    wait_until_settled()
    caught_up(replica)
    first = export(folder, host)
    asked(replica, "SELECT pg_wal_replay_pause()::text")
    services.mark_failed(check_id=created[1].pk, reason="", actor=Actor.command(), now=NOW)
    wait_until_settled()  # on the main server
    lagging = export(folder, host)
    slow = new_writer()
    slow.insert(created[0])  # has its number and its transaction, has not committed
    services.retry_check(check_id=created[1].pk, reason="", actor=Actor.command(), now=NOW)
    asked(replica, "SELECT pg_wal_replay_resume()::text")
    caught_up(replica)
    held = export(folder, host)
    slow.commit()
    wait_until_settled()
    caught_up(replica)
    last = export(folder, host)

    said = [run.stdout.split(",")[0] or run.stderr for run in (first, lagging, held, last)]
    assert said == ["Added 2 events", "Added 0 events", "Added 1 events", "Added 2 events"]


def test_it_refuses_a_database_that_counts_its_own_transactions(tmp_path: Path, created: list[Check]) -> None:
    """A logical replica is such a one: its horizon says nothing of the rows that it was sent."""
    with server(DataFolder(tmp_path / "other")) as host:
        with closing(psycopg2.connect(host=host, dbname="postgres", user="postgres")) as session:
            session.autocommit = True
            with session.cursor() as cursor:
                name = connection.get_connection_params()["dbname"]
                cursor.execute(f'CREATE DATABASE "{name}"')

        refused = export(tmp_path / "lake", host)

    assert refused.returncode == 1
    assert "no streaming replica" in refused.stderr
    assert not (tmp_path / "lake").exists()

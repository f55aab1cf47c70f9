"""The database's deadlines …"""

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import django_rq
import psycopg2
import pytest
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection

from checks.management.commands import rebuild_checks, verify_documents, verify_events
from events.management.commands import adopt_restored_log
from foundation.db.deadlines import Deadlines, with_deadlines, without_deadlines
from foundation.management.base import LongCommand
from foundation.management.commands import migrate

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'current_setting({name!r})' for name in LIMITS)}")
        return list(cursor.fetchone())


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_they_hold_in_every_session(db: None) -> None:
    assert limits() == ["10s", "5s", "30s"]


def test_they_are_lifted_for_a_block_but_that_of_locks(db: None) -> None:
    before = limits()

    with without_deadlines():
        assert limits() == ["0", "5s", "0"]
        with without_deadlines():
            pass
        assert limits() == ["0", "5s", "0"]

    assert limits() == before


def test_they_are_back_after_an_error(db: None) -> None:
    with pytest.raises(KeyError), without_deadlines():
        raise KeyError

    assert limits() == ["10s", "5s", "30s"]


@pytest.mark.parametrize(
    "command", [migrate, verify_events, verify_documents, rebuild_checks, adopt_restored_log]
)
def test_they_do_not_cut_long_commands(command: Any) -> None:
    assert issubclass(command.Command, LongCommand)


def test_a_long_command_runs_without_them(db: None) -> None:
    class Command(LongCommand):
        def handle(self, *args: Any, **options: Any) -> str:
            return " ".join(limits())

    out = io.StringIO()
    call_command(Command(), stdout=out)

    assert out.getvalue() == "0 5s 0\n"


def test_django_finds_our_migrate(db: None) -> None:
    out = io.StringIO()
    call_command("migrate", plan=True, stdout=out)

    assert get_commands()["migrate"] == "foundation"
    assert "No planned migration operations." in out.getvalue()


def test_they_leave_what_the_address_says() -> None:
    given = {"NAME": "x", "OPTIONS": {"connect_timeout": 9, "options": "-c statement_timeout=7s"}}

    options = with_deadlines(given, Deadlines(5, 10, 0, 30))["OPTIONS"]

    assert options["connect_timeout"] == 9
    assert options["options"] == (
        "-c statement_timeout=10s -c lock_timeout=0s -c idle_in_transaction_session_timeout=30s "
        "-c statement_timeout=7s"
    )


@pytest.mark.django_db(transaction=True)
def test_they_end_a_statement_that_takes_too_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10ms'")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(10)")
        cursor.execute("RESET statement_timeout")


def test_a_connection_is_not_waited_for_for_ever(silent_server: int) -> None:
    """In a thread, which is still there after ten seconds if it would wait for ever."""
    parameters = {**connection.get_connection_params(), "host": "127.0.0.1", "port": silent_server}
    parameters |= {"connect_timeout": 2, "password": "x", "sslmode": "disable"}
    parameters.pop("cursor_factory", None)
    errors: list[Exception] = []

    def connect() -> None:
        try:
            psycopg2.connect(**parameters)
        except psycopg2.OperationalError as error:
            errors.append(error)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(10)

    assert errors
    assert connection.get_connection_params()["connect_timeout"] == 5


def test_redis_is_not_waited_for_for_ever_either() -> None:
    """Redis' own default since its client 8; RQ's workers wait longer for the next job, and not for ever."""
    kwargs = django_rq.get_connection().connection_pool.make_connection()

    assert 0 < kwargs.socket_timeout <= 10
    assert 0 < kwargs.socket_connect_timeout <= 10

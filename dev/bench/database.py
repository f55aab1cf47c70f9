"""What benchmarks ask of the database and the queue beside the service."""

import os
from typing import Any

import django_rq
import psycopg2  # type: ignore[import-untyped]
from django.db import connection

from dev.bench.errors import BenchmarkError
from dev.server.service import Service

CLEAR = """
ALTER TABLE events_event DISABLE TRIGGER events_event_append_only;
TRUNCATE checks_check, checks_historicalcheck, events_event RESTART IDENTITY;
ALTER TABLE events_event ENABLE ALWAYS TRIGGER events_event_append_only;
"""


def connect() -> Any:
    """A connection to the service's database without Django."""
    return psycopg2.connect(os.environ["DATABASE_URL"])


def number(sql: str, *parameters: str | int) -> int:
    """The one number that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


def count_checks(status: str = "%") -> int:
    return number("SELECT count(*) FROM checks_check WHERE status LIKE %s", status)


def clear() -> None:
    """Forget all checks and jobs; no worker may be running."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
    clear_queue()


def clear_queue() -> None:
    with django_rq.get_connection("default") as redis:
        redis.flushdb()


def require_clean(service: Service) -> None:
    """Raise BenchmarkError unless the events, the checks and their history agree."""
    service.manage("verify_events", "--quiet")


def require_posted(orders: int, before: int) -> None:
    """Raise BenchmarkError unless every order that was accepted has its two checks."""
    found = count_checks() - before
    if found != 2 * orders:
        raise BenchmarkError(f"{orders} orders were accepted, but {found} checks were created.")

"""Fixtures of the log: writers with connections of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any
from uuid import uuid4

import pytest

from checks.models import Check
from tests.support.helpers import another_connection

INSERT = """
    INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                              occurred_at, event_uid, hash, prev_hash)
    VALUES (%s, %s, 'retried', 1, '{"reason": ""}', 'staff:1', %s::uuid, now(), %s::uuid, %s, %s)
    RETURNING id
"""


class Writer:
    """A session in a transaction of its own, which ends when it is told to."""

    def __init__(self, **parameters: Any) -> None:
        self.session = another_connection(**parameters)

    @property
    def pid(self) -> int:
        pid: int = self.session.get_backend_pid()
        return pid

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Run a statement and return the first value that it gives."""
        with self.session.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone()[0] if cursor.description else None

    def begin(self) -> int:
        """Take a transaction id, and return it."""
        tx_id: int = self.execute("SELECT txid_current()")
        return tx_id

    def insert(self, check: Check, version: int = 2) -> int:
        """Add an event without a meaning, and return its id."""
        event_id: int = self.execute(
            INSERT, check.pk, version, str(uuid4()), str(uuid4()), b"\0" * 32, b"\0" * 32
        )
        return event_id

    def commit(self) -> None:
        self.session.commit()

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def new_writer() -> Iterator[Callable[..., Writer]]:
    """Make writers; what they have not committed is rolled back."""
    with ExitStack() as stack:
        yield lambda **parameters: stack.enter_context(closing(Writer(**parameters)))


@pytest.fixture
def another_writer(new_writer: Callable[..., Writer]) -> Writer:
    return new_writer()

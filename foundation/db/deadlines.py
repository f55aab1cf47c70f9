"""Time limits for the database, and how a long command lifts them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from django.db import Error, connection
from django.db.transaction import TransactionManagementError

# A server that has vanished cannot even say that a limit has run out. The kernel notices with these.
PROBES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
LIFTED = ("statement_timeout", "idle_in_transaction_session_timeout")


class Deadlines(NamedTuple):
    """Limits in seconds. 0 means no limit."""

    connect: int
    statement: int
    lock: int
    idle_in_transaction: int


def with_deadlines(database: Mapping[str, Any], deadlines: Deadlines) -> dict[str, Any]:
    """Add these limits to a database's settings. Options in its address win."""
    given: dict[str, Any] = database.get("OPTIONS") or {}
    session = (
        f"-c statement_timeout={deadlines.statement}s -c lock_timeout={deadlines.lock}s "
        f"-c idle_in_transaction_session_timeout={deadlines.idle_in_transaction}s"
    )
    options = {
        "connect_timeout": deadlines.connect,
        **PROBES,
        **given,
        "options": f"{session} {given.get('options', '')}".strip(),
    }
    return {**database, "OPTIONS": options}


@contextmanager
def without_deadlines() -> Iterator[None]:
    """Lift the limits on this session's statements and transactions until the block ends.

    lock_timeout stays: a session that waits for a table's lock makes all later ones wait too.
    """
    before = _set(dict.fromkeys(LIFTED, "0"))
    try:
        yield
    finally:
        # A broken session has nothing to restore, and a failed transaction restores it by its rollback.
        with suppress(Error, TransactionManagementError):
            _set(before)


def _set(values: Mapping[str, str]) -> dict[str, str]:
    """Set these for the session, and return the values before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['current_setting(%s)'] * len(values))}", [*values])
        before = dict(zip(values, cursor.fetchone(), strict=True))
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    return before

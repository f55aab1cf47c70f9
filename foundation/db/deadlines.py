"""How long the database may keep us waiting, and how a long command gets round that."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from django.db import Error, connection
from django.db.transaction import TransactionManagementError

# A server that vanished without a word does not even say that a limit has run out; the kernel finds out.
PROBES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
LIFTED = ("statement_timeout", "idle_in_transaction_session_timeout")


class Deadlines(NamedTuple):
    """Limits in seconds; 0 is none."""

    connect: int
    statement: int
    lock: int
    idle_in_transaction: int


def with_deadlines(database: Mapping[str, Any], deadlines: Deadlines) -> dict[str, Any]:
    """Give a database's settings these limits for each of its sessions; what its address says wins."""
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
    """Let this session's statements and transactions take as long as they need, until the end of the block.

    lock_timeout stays: whoever waits for the lock of a table makes everybody who comes later wait too.
    """
    before = _set(dict.fromkeys(LIFTED, "0"))
    try:
        yield
    finally:
        # Nothing to bring back in a session that broke, or in a transaction that takes it back itself.
        with suppress(Error, TransactionManagementError):
            _set(before)


def _set(values: Mapping[str, str]) -> dict[str, str]:
    """Set these for the session, and return what they were."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['current_setting(%s)'] * len(values))}", [*values])
        before = dict(zip(values, cursor.fetchone(), strict=True))
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    return before

"""The database that analysts read, so that no kitchen waits for them.

It is the replica of ANALYTICS_DATABASE_URL, or else the main database. Either way they read one snapshot in a
read-only transaction whose statements have their own time limit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

from foundation.db.query import value
from foundation.errors import ForFarError, gettext_noop
from foundation.per_process import per_process

ALIAS = "analytics"
QUERY_CANCELED = "57014"  # a statement_timeout has run out


class ReadTooSlowError(ForFarError):
    code = "too_slow"
    message = gettext_noop(
        "The database took longer than %(seconds)s s; ask for less: a shorter time, narrower filters."
    )


class ForeignCountError(ForFarError):
    """The analysts' database counts its own transactions, so its horizon does not hold for the log."""

    code = "foreign_count"
    message = gettext_noop(
        "The database of ANALYTICS_DATABASE_URL is no streaming replica of the main one, "
        "so the feed cannot be read there: events would be skipped."
    )


def analytics_database() -> str:
    """Return the alias of the analysts' database."""
    return ALIAS if ALIAS in connections else DEFAULT_DB_ALIAS


@contextmanager
def analytical_reads(*, unlimited: bool = False, seconds: int | None = None) -> Iterator[str]:
    """Open a read-only transaction on one snapshot, and give the alias to read from.

    A statement may take ANALYTICS_STATEMENT_TIMEOUT_SECONDS, or `seconds` if that is less. Commands are
    `unlimited`. Inside a caller's transaction the reads see that transaction's snapshot, and its limits are
    restored at the end. Raises ReadTooSlowError when a statement takes too long.
    """
    alias = analytics_database()
    limits = [] if unlimited else [settings.ANALYTICS_STATEMENT_TIMEOUT_SECONDS, seconds]
    limit = min(filter(None, limits), default=0)
    outermost = not connections[alias].in_atomic_block
    try:
        with transaction.atomic(using=alias):
            before = _begin(alias, outermost, f"{limit}s", unlimited)
            yield alias
            if not outermost:
                _set(alias, before)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != QUERY_CANCELED:
            raise
        raise ReadTooSlowError(seconds=limit) from error


def require_shared_count() -> None:
    """Raise ForeignCountError unless the analysts' database and the main one share their transaction ids."""
    if analytics_database() != DEFAULT_DB_ALIAS and not _shares_count():
        raise ForeignCountError


@per_process(is_constant=True)
def _shares_count() -> bool:
    """Return whether both are one cluster: a server and its streaming replicas share an identifier."""
    identifiers = {
        value("SELECT system_identifier FROM pg_control_system()", using=alias)
        for alias in (DEFAULT_DB_ALIAS, ALIAS)
    }
    return len(identifiers) == 1


def _begin(alias: str, outermost: bool, statement: str, unlimited: bool) -> dict[str, str]:
    """Limit the transaction that has begun, and return its settings before."""
    mode = "ISOLATION LEVEL REPEATABLE READ, READ ONLY" if outermost else "READ ONLY"
    wanted = {"statement_timeout": statement}
    if unlimited:
        wanted["idle_in_transaction_session_timeout"] = "0"
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SET TRANSACTION {mode}")
    return _set(alias, wanted)


def _set(alias: str, values: dict[str, str]) -> dict[str, str]:
    """Set these until the transaction ends, and return the values before."""
    before = {}
    with connections[alias].cursor() as cursor:
        for name, wanted in values.items():
            cursor.execute("SELECT current_setting(%s), set_config(%s, %s, true)", [name, name, wanted])
            before[name] = cursor.fetchone()[0]
    return before

"""Errors of the database that pass by themselves, so that a retry makes sense."""

from django.db import Error, InterfaceError, OperationalError

# Psycopg calls these internal errors: a transaction that was idle for too long, and a write to a standby.
PASSING_STATES = {"25P03", "25006"}


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database was unreachable, full, shutting down or too slow.

    OperationalError means: no connection, too many, a lost one, a server that starts up or shuts down, a
    statement or lock that took too long, a deadlock, a full disk. InterfaceError: it was closed before.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and getattr(error.__cause__, "pgcode", None) in PASSING_STATES

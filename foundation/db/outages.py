"""Which errors of the database pass by themselves, so that trying again is worth while."""

from django.db import Error, InterfaceError, OperationalError

# Psycopg counts these among the internal errors: a transaction that was idle for too long, and a write on a
# server that has just become, or is still, a standby.
PASSING_STATES = {"25P03", "25006"}


def is_outage(error: BaseException | None) -> bool:
    """Say whether the database was out of reach, full, shutting down or too slow; no fault of a request's.

    OperationalError has all of: no connection, too many of them, a lost one, starting up, shutting down, a
    statement or a lock that took too long, a deadlock, a full disk. InterfaceError is a connection that had
    been closed before.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and getattr(error.__cause__, "pgcode", None) in PASSING_STATES

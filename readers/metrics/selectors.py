"""What stands still or piles up at this moment. Each query ends after what an index gives it, or at a cap."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from events.feed.reading import Position
from foundation.db.query import value
from printers.models import Printer, PrinterPresence

# Where a count may grow for ever it ends here; an alarm does not need to know more.
CAP = 10_000
LOOKED_AT = 1000

OLDEST = """
    SELECT status_changed_at FROM checks_check WHERE status = %s AND status <> 'printed'
    ORDER BY status_changed_at LIMIT 1
"""
OPEN = """
    SELECT count(*) FROM (
        SELECT 1 FROM checks_check WHERE status = %s AND status <> 'printed' LIMIT %s
    ) AS capped
"""
AWAITED = """
    SELECT count(*) FROM (SELECT 1 FROM checks_check WHERE lease_expires_at IS NOT NULL LIMIT %s) AS capped
"""
# Why a check failed is in its last `failed`; downloads may have followed. The empty text keeps the planner
# from the index of all events of that type.
UNCONFIRMED = """
    SELECT count(*) FROM (
        SELECT id FROM checks_check WHERE status = 'failed' AND status <> 'printed'
        ORDER BY status_changed_at DESC LIMIT %s
    ) AS newest
    WHERE (
        SELECT data ->> 'reason' FROM events_event
        WHERE check_id = newest.id AND type || '' = 'failed' ORDER BY version DESC LIMIT 1
    ) = 'unconfirmed'
"""
BEHIND = """
    SELECT count(*), min(recorded_at) FROM (
        SELECT recorded_at FROM events_event WHERE (tx_id, id) > (%s, %s) ORDER BY tx_id, id LIMIT %s
    ) AS uncounted
"""


class Backlog(NamedTuple):
    """Events that a reader of the feed has not seen yet, and when the first of them was recorded."""

    events: int
    since: datetime | None


class Printers(NamedTuple):
    """How many printers were heard lately, not lately, and never."""

    heard: int
    silent: int
    never: int


def oldest(status: str) -> datetime | None:
    """Return since when the check waits that has been in this status the longest; not for printed."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [status])
        row: tuple[datetime] | None = cursor.fetchone()
    return row[0] if row else None


def open_checks(status: str) -> int:
    """Return how many checks are in this status, at most CAP; not for printed."""
    return int(value(OPEN, status, CAP))


def awaited_confirmations() -> int:
    """Return how many checks are downloaded and under a lease, at most CAP."""
    return int(value(AWAITED, CAP))


def unconfirmed() -> int:
    """Return how many of the newest failed checks wait for a person because no printer confirmed them."""
    return int(value(UNCONFIRMED, LOOKED_AT))


def backlog(after: Position) -> Backlog:
    """Return how many events are behind `after`, settled or not, at most CAP."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [*after, CAP])
        return Backlog(*cursor.fetchone())


def printers(*, now: datetime, silent_after: timedelta) -> Printers:
    """Count the printers by when they were last heard."""
    heard = PrinterPresence.objects.filter(last_seen_at__gte=now - silent_after).count()
    seen = PrinterPresence.objects.count()
    return Printers(heard=heard, silent=seen - heard, never=Printer.objects.count() - seen)

"""Work that waits for a printer, a worker or a person. The first page and the metrics show it.

Every query stops at a limit, so it stays cheap however much there is.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from foundation.db.query import value
from printers.models import Printer

# The reason of a failure is in the events, so only so many of the failed checks are read, the newest.
FAILURES_READ = 2000
# A printer silent for longer was probably taken away.
GONE_AFTER = timedelta(days=7)

# The condition on 'printed' lets the planner use the partial index of checks that are not printed.
OLDEST = """
    SELECT status_changed_at FROM checks_check WHERE status = %s AND status <> 'printed'
    ORDER BY status_changed_at LIMIT 1
"""
IN_STATUS = """
    SELECT count(*) FROM (
        SELECT 1 FROM checks_check
        WHERE status = ANY(%s) AND status <> 'printed' AND status_changed_at <= %s
        LIMIT %s
    ) AS capped
"""
UNDER_LEASE = """
    SELECT count(*) FROM (SELECT 1 FROM checks_check WHERE lease_expires_at IS NOT NULL LIMIT %s) AS capped
"""
# The last `failed` event has the reason; downloads may follow it. Appending an empty string keeps the
# planner from the index of all events of that type.
FAILURES = """
    SELECT count(*),
           count(*) FILTER (WHERE stage = 'delivery' AND reason = 'unconfirmed'),
           count(*) FILTER (WHERE stage = 'render')
    FROM (
        SELECT id FROM checks_check WHERE status = 'failed' AND status <> 'printed'
        ORDER BY status_changed_at DESC LIMIT %s
    ) AS newest
    CROSS JOIN LATERAL (
        SELECT data ->> 'stage' AS stage, data ->> 'reason' AS reason FROM events_event
        WHERE check_id = newest.id AND type || '' = 'failed' ORDER BY version DESC LIMIT 1
    ) AS last
"""


class Failures(NamedTuple):
    """Failed checks by why they failed last, among the newest FAILURES_READ; `read` is how many were read."""

    read: int
    unconfirmed: int
    not_rendered: int

    @property
    def are_all(self) -> bool:
        return self.read < FAILURES_READ


class LastSeen(str, Enum):
    """Groups of printers by when they were last seen."""

    RECENTLY = "recently"
    STOPPED = "stopped"
    GONE = "gone"
    NEVER = "never"


def oldest_since(status: str) -> datetime | None:
    """Return since when the oldest check in this status has been in it. Not for printed checks."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [status])
        row: tuple[datetime] | None = cursor.fetchone()
    return row[0] if row else None


def count_in_status(*statuses: str, until: datetime | None = None, at_most: int) -> int:
    """Count the checks in one of these statuses since `until` or longer. Not for printed checks."""
    return int(value(IN_STATUS, list(statuses), until or "infinity", at_most))


def count_under_lease(*, at_most: int) -> int:
    """Count the checks whose printer still has time to confirm."""
    return int(value(UNDER_LEASE, at_most))


def count_failures() -> Failures:
    """Count the newest failed checks by why they failed last."""
    with connection.cursor() as cursor:
        cursor.execute(FAILURES, [FAILURES_READ])
        return Failures(*cursor.fetchone())


def count_printers(*, now: datetime) -> dict[LastSeen, int]:
    """Count the printers of every group in one query, which reads all printers.

    An index on the time would have to be written twice a minute for each printer.
    """
    counts = {seen.value: Count("pk", filter=last_seen_condition(seen, now=now)) for seen in LastSeen}
    return {LastSeen(name): number for name, number in Printer.objects.aggregate(**counts).items()}


def last_seen_condition(seen: LastSeen, *, now: datetime) -> Q:
    """Return the condition on the printers of a group."""
    silent, gone = now - timedelta(seconds=settings.PRINTER_SILENT_SECONDS), now - GONE_AFTER
    conditions = {
        LastSeen.RECENTLY: Q(presence__last_seen_at__gt=silent),
        LastSeen.STOPPED: Q(presence__last_seen_at__lte=silent, presence__last_seen_at__gt=gone),
        LastSeen.GONE: Q(presence__last_seen_at__lte=min(silent, gone)),
        LastSeen.NEVER: Q(presence__isnull=True),
    }
    return conditions[seen]

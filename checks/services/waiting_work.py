"""What needs a person now, in numbers that stay cheap however much there is: each ends at a limit."""

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q

from foundation.db.query import value
from printers.models import Printer

# Nobody works through more than that one by one: a number ends here, and is then "1,000+".
MOST = 1000
# Why a check failed is in its events, so of the failed only so many are looked at, the newest.
LOOKED_AT = 2000
LONG = timedelta(minutes=1)
# A printer that has been silent for longer was taken away rather than has stopped.
GONE_AFTER = timedelta(days=7)

WAITING = """
    SELECT count(*) FROM (
        SELECT 1 FROM checks_check
        WHERE status IN ('new', 'rendered') AND status <> 'printed' AND status_changed_at <= %s
        LIMIT %s
    ) AS capped
"""
# The last `failed` tells; downloads may have followed. The empty text keeps the planner from the index of all
# events of that type.
FAILED = """
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


class Number(NamedTuple):
    """How many there are, at most MOST; `is_more` says that there are, or may be, more."""

    number: int
    is_more: bool


class Checks(NamedTuple):
    unconfirmed: Number
    failed_renders: Number
    waiting: Number


class Heard(str, Enum):
    """When a printer was last heard."""

    LATELY = "lately"
    STOPPED = "stopped"
    GONE = "gone"
    NEVER = "never"


class Printers(NamedTuple):
    stopped: Number
    gone: Number
    never: Number


def checks_in_need(*, now: datetime) -> Checks:
    """Count the checks that a person has to look at. Two queries, by the index of what is not settled."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [LOOKED_AT])
        looked_at, unconfirmed, failed_renders = cursor.fetchone()
    older_unseen = looked_at >= LOOKED_AT
    return Checks(
        _number(unconfirmed, or_more=older_unseen),
        _number(failed_renders, or_more=older_unseen),
        _number(value(WAITING, now - LONG, MOST + 1)),
    )


def printers_in_need(*, now: datetime) -> Printers:
    """Count the printers that are not heard. Three queries, none of which reads more than all printers.

    No index: it would have to be written twice a minute for each printer.
    """
    numbers = {heard: _count(heard, now) for heard in (Heard.STOPPED, Heard.GONE, Heard.NEVER)}
    return Printers(numbers[Heard.STOPPED], numbers[Heard.GONE], numbers[Heard.NEVER])


def heard_like(heard: Heard, *, now: datetime) -> Q:
    """Return the condition on printers that were last heard then."""
    silent, gone = now - timedelta(seconds=settings.PRINTER_SILENT_SECONDS), now - GONE_AFTER
    conditions = {
        Heard.LATELY: Q(presence__last_seen_at__gt=silent),
        Heard.STOPPED: Q(presence__last_seen_at__lte=silent, presence__last_seen_at__gt=gone),
        Heard.GONE: Q(presence__last_seen_at__lte=min(silent, gone)),
        Heard.NEVER: Q(presence__isnull=True),
    }
    return conditions[heard]


def _count(heard: Heard, now: datetime) -> Number:
    return _number(Printer.objects.filter(heard_like(heard, now=now))[: MOST + 1].count())


def _number(counted: int, *, or_more: bool = False) -> Number:
    return Number(min(counted, MOST), or_more or counted > MOST)

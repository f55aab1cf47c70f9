"""What the views say of whole days and hours, computed anew for those in which something happened.

Medians cannot be added up, so a row is computed from all of its checks; which rows, the settled feed tells.
They are computed in no transaction, so that nobody's horizon waits for them, and written with the position in
the feed by one transaction: a crash loses nothing, and a repeat computes the same again.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from events.feed.horizon import require_adopted
from events.feed.reading import BEGINNING, Position, settled
from events.models import Event
from foundation.db.query import value
from readers.analytics import statements

BATCH = 20_000  # events
JOB_BATCHES = 20
HOUR = timedelta(hours=1)


class Touched(NamedTuple):
    """Of a check to which something happened: what its rows are found by."""

    day: date
    hour: datetime
    printer_id: int
    point_id: int


class Rows(NamedTuple):
    """New rows of both tables, each a list in JSON."""

    printer_days: list[str]
    point_hours: list[str]


def catch_up(*, now: datetime, zone: ZoneInfo, batches: int = JOB_BATCHES) -> int:
    """Bring the summaries up to date, at most so many batches of events; return how many these were."""
    read = 0
    for _ in range(batches):
        events = refresh(now=now, zone=zone)
        read += events
        if events < BATCH:
            break
    return read


def refresh(*, now: datetime, zone: ZoneInfo) -> int:
    """Compute the rows that one batch of the feed touches, and return its size; days begin in this zone.

    1. Read the position and the events behind it, and compute, in no transaction.
    2. Move the position on if it is still where it was, and in this zone, and replace the rows, in one
       transaction.

    Returns 0 also where somebody else was faster. Raises LogNotAdoptedError, as the feed does.
    """
    require_adopted()
    before = _begin(zone)
    events = list(settled(before).values_list("tx_id", "id", "stream_id")[:BATCH])
    after = Position(*events[-1][:2]) if events else before
    rows = compute({check_id for _, _, check_id in events}, now=now, zone=zone)
    with transaction.atomic():
        if not _move(before, after, now, zone):
            return 0
        write(rows)
    return len(events)


def position() -> Position:
    """Return the place in the feed up to which the summaries know it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tx_id, event_id FROM analytics.progress")
        found: tuple[int, int] | None = cursor.fetchone()
    return Position(*found) if found else BEGINNING


def compute(check_ids: Iterable[int], *, now: datetime, zone: ZoneInfo) -> Rows:
    """Compute the rows in which these checks are: a query a day, and one for the hours of it."""
    rows = Rows([], [])
    for day, group in groupby(sorted(_touched(check_ids, zone)), attrgetter("day")):
        of_the_day = list(group)
        since, until = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        printers = sorted({each.printer_id for each in of_the_day})
        rows.printer_days.append(value(statements.PRINTER_DAYS, since, day, now, since, until, printers))
        hours = [each.hour for each in of_the_day]
        points = sorted({each.point_id for each in of_the_day})
        rows.point_hours.append(value(statements.POINT_HOURS, now, min(hours), max(hours) + HOUR, points))
    return rows


def write(rows: Rows) -> None:
    """Replace the rows, in the caller's transaction."""
    with connection.cursor() as cursor:
        for new in rows.printer_days:
            cursor.execute(statements.REPLACE_PRINTER_DAYS, [new, new])
        for new in rows.point_hours:
            cursor.execute(statements.REPLACE_POINT_HOURS, [new, new])


def _touched(check_ids: Iterable[int], zone: ZoneInfo) -> set[Touched]:
    created = Event.objects.filter(stream_id__in=check_ids, version=1).values_list("occurred_at", "data")
    return {
        Touched(
            day=at.astimezone(zone).date(),
            hour=at.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0),
            printer_id=data["printer_id"],
            point_id=data["point_id"],
        )
        for at, data in created
    }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _begin(zone: ZoneInfo) -> Position:
    """Return where to go on from; where days begin in another zone, the summaries begin anew."""
    if value("SELECT time_zone FROM analytics.progress") != zone.key:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.FORGET)
            cursor.execute(statements.BEGIN, [*BEGINNING, zone.key])
    return position()


def _move(before: Position, after: Position, now: datetime, zone: ZoneInfo) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statements.MOVE, [*after, now, *before, zone.key])
        return bool(cursor.rowcount == 1)

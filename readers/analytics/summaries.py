"""Keeps the tables of days and hours up to date.

Medians cannot be added up. So each day or hour in which something happened is computed again from all of its
checks. That is done outside of a transaction, so that it holds back nobody's horizon.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from events.feed.follower import Batch, Follower, reset_position
from events.feed.reading import Position, settled
from events.models import Event
from foundation.db.query import value
from readers.analytics import statements

BATCHES_PER_JOB = 20
HOUR = timedelta(hours=1)


class Touched(NamedTuple):
    """The rows that a check counts in."""

    day: date
    hour: datetime
    printer_id: int
    point_id: int


class Rows(NamedTuple):
    """New rows for both tables, each a JSON list."""

    printer_days: list[str]
    point_hours: list[str]


class SummariesFollower(Follower[Rows]):
    """Computes the rows that a batch touches. Days begin in `zone`: another zone means starting over."""

    name = "analytics"
    events_per_batch = 20_000

    def __init__(self, *, now: datetime, zone: ZoneInfo) -> None:
        self._now, self._zone = now, zone

    def position(self) -> Position:
        if value("SELECT time_zone FROM analytics.progress") != self._zone.key:
            self._start_over()
        return super().position()

    def read(self, start: Position) -> list[Event]:
        return list(settled(start).only("tx_id", "id", "stream_id")[: self.events_per_batch])

    def prepare(self, batch: Batch) -> Rows:
        return compute({event.stream_id for event in batch.events}, now=self._now, zone=self._zone)

    def move(self, before: Position, end: Position) -> bool:
        """Move the position, unless another process has started over in another zone."""
        return self.note_refresh() and super().move(before, end)

    def write(self, prepared: Rows) -> None:
        write(prepared)

    def note_refresh(self) -> bool:
        """Note when the log was last read; return False if the summaries are in another zone by now."""
        with connection.cursor() as cursor:
            cursor.execute(statements.NOTE_REFRESH, [self._now, self._zone.key])
            return bool(cursor.rowcount == 1)

    @transaction.atomic
    def _start_over(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statements.FORGET)
            cursor.execute(statements.BEGIN, [self._zone.key])
        reset_position(self.name)


def catch_up(*, now: datetime, zone: ZoneInfo, batches: int = BATCHES_PER_JOB) -> int:
    """Bring the summaries up to date, at most this many batches, and return the number of events."""
    follower = SummariesFollower(now=now, zone=zone)
    followed = follower.catch_up(batches=batches)
    follower.note_refresh()  # also if nothing has settled
    return followed


def compute(check_ids: Iterable[int], *, now: datetime, zone: ZoneInfo) -> Rows:
    """Compute the rows that these checks count in: one query for each day, and one for its hours."""
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

"""The time ranges of charts, divided into equal buckets by the service's clock."""

from datetime import date, datetime, time, timedelta
from datetime import timezone as zones
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TimeRange(NamedTuple):
    """How far back a chart looks, and the length of its buckets."""

    name: str
    label: Any
    length: timedelta
    step: timedelta
    format: str


RANGES = [
    TimeRange("6h", _("6 hours"), timedelta(hours=6), timedelta(minutes=15), "H:i"),
    TimeRange("24h", _("24 hours"), timedelta(hours=24), timedelta(hours=1), "H:i"),
    TimeRange("7d", _("7 days"), timedelta(days=7), timedelta(hours=6), "d.m. H:i"),
]
DEFAULT = RANGES[1]
WEEK = timedelta(weeks=1)
UTC = zones.utc


def range_named(name: str) -> TimeRange:
    """Return the range that an address names, or the default for an unknown name."""
    return next((each for each in RANGES if each.name == name), DEFAULT)


def bounds_until(now: datetime, chosen: TimeRange) -> list[datetime]:
    """Return the bounds of the range's buckets. `now` is in the last bucket."""
    clock = timezone.localtime(now).replace(tzinfo=None)
    begun = now - (clock - datetime.combine(clock.date(), time(0))) % chosen.step
    end = begun + chosen.step
    steps = chosen.length // chosen.step
    return [end - number * chosen.step for number in range(steps, -1, -1)]


def bounds_of_day(day: date) -> list[datetime]:
    """Return the 25 bounds of the day's hours. An hour that a change of the clock skips is empty."""
    zone = timezone.get_default_timezone()
    bounds = [datetime.combine(day, time(hour), zone) for hour in range(24)]
    bounds.append(datetime.combine(day + timedelta(days=1), time(0), zone))
    return sorted(bound.astimezone(UTC) for bound in bounds)

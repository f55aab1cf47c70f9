"""The stretches of time that charts divide their windows into, by the clock on the wall."""

from datetime import date, datetime, time, timedelta
from datetime import timezone as zones
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Span(NamedTuple):
    """How far back a chart looks, and the length of its stretches."""

    name: str
    label: Any
    length: timedelta
    step: timedelta
    format: str


SPANS = [
    Span("6h", _("6 hours"), timedelta(hours=6), timedelta(minutes=15), "H:i"),
    Span("24h", _("24 hours"), timedelta(hours=24), timedelta(hours=1), "H:i"),
    Span("7d", _("7 days"), timedelta(days=7), timedelta(hours=6), "d.m. H:i"),
]
DEFAULT = SPANS[1]
WEEK = timedelta(weeks=1)
UTC = zones.utc


def span_named(name: str) -> Span:
    """Return the span that an address asks for; the default for a name that is none."""
    return next((span for span in SPANS if span.name == name), DEFAULT)


def back_from(now: datetime, span: Span) -> list[datetime]:
    """Return the bounds of the span's stretches; the last one is the stretch in which `now` is."""
    clock = timezone.localtime(now).replace(tzinfo=None)
    begun = now - (clock - datetime.combine(clock.date(), time(0))) % span.step
    end = begun + span.step
    steps = span.length // span.step
    return [end - number * span.step for number in range(steps, -1, -1)]


def hours_of(day: date) -> list[datetime]:
    """Return the 25 bounds of the day's hours by the clock; one that a change of the clock skips is empty."""
    zone = timezone.get_default_timezone()
    bounds = [datetime.combine(day, time(hour), zone) for hour in range(24)]
    bounds.append(datetime.combine(day + timedelta(days=1), time(0), zone))
    return sorted(bound.astimezone(UTC) for bound in bounds)

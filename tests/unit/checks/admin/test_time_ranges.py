"""The time ranges of charts …"""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from checks.admin.home.time_ranges import DEFAULT, RANGES, bounds_of_day, bounds_until, range_named

UTC = timezone.utc


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "x", "6H", "24h ", "\x00", "9" * 1000])
def test_they_are_the_usual_ones_where_an_unknown_range_is_asked_for(name: str) -> None:
    assert range_named(name) == DEFAULT


@pytest.mark.parametrize("chosen", RANGES, ids=lambda each: each.name)
def test_they_are_those_that_were_asked_for(chosen: Any) -> None:
    assert range_named(chosen.name) == chosen


@pytest.mark.parametrize("chosen", RANGES, ids=lambda each: each.name)
@pytest.mark.parametrize("now", ["2026-01-15T12:07:31", "2026-01-15T12:00:00", "2026-01-15T20:59:59.999999"])
def test_they_end_with_the_one_that_is_now(chosen: Any, now: str) -> None:
    bounds = bounds_until(at(now), chosen)

    assert bounds[-2] <= at(now) < bounds[-1]
    assert {later - earlier for earlier, later in pairwise(bounds)} == {chosen.step}
    assert bounds[-1] - bounds[0] == chosen.length


@pytest.mark.parametrize(
    ("zone", "name", "begins"),
    [
        ("Europe/Moscow", "7d", "2026-01-15T09:00"),  # 12:00 there
        ("UTC", "7d", "2026-01-15T12:00"),
        ("Asia/Kolkata", "24h", "2026-01-15T12:30"),  # 18:00 there
        ("Asia/Kolkata", "6h", "2026-01-15T13:00"),
    ],
)
def test_they_begin_at_whole_hours_of_the_services_zone(
    settings: Any, zone: str, name: str, begins: str
) -> None:
    settings.TIME_ZONE = zone

    assert bounds_until(at("2026-01-15T13:10:00"), range_named(name))[-2] == at(begins)


def test_they_hold_now_also_in_an_hour_that_the_clock_has_twice(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    for minute in range(0, 240, 7):  # the clock is set back at 01:00 UTC
        now = at("2026-10-24T23:00:00") + timedelta(minutes=minute)
        bounds = bounds_until(now, range_named("6h"))
        assert bounds[-2] <= now < bounds[-1]


def test_they_are_the_hours_of_a_day_by_the_clock(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Moscow"

    bounds = bounds_of_day(date(2026, 1, 15))

    assert bounds[0] == at("2026-01-14T21:00:00")
    assert bounds == [bounds[0] + timedelta(hours=number) for number in range(25)]


@pytest.mark.parametrize(
    ("day", "length", "odd_hour", "odd_length"),
    [("2026-03-29", 23, 2, 0), ("2026-10-25", 25, 2, 2), ("2026-10-26", 24, 2, 1)],
)
def test_they_are_as_the_clock_shows_when_it_is_changed(
    settings: Any, day: str, length: int, odd_hour: int, odd_length: int
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    bounds = bounds_of_day(date.fromisoformat(day))

    assert (len(bounds), bounds[-1] - bounds[0]) == (25, timedelta(hours=length))
    assert bounds[odd_hour + 1] - bounds[odd_hour] == timedelta(hours=odd_length)
    assert bounds == sorted(bounds)

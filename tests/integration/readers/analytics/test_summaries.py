"""The summaries of days and hours …"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import django_rq
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from checks.models import Check
from checks.services.render_queue import UPKEEP
from events.feed.follower import Batch, reset_position
from events.feed.reading import Position
from events.models import Event
from forfar.management.commands.schedule_upkeep import CONFIGURATION
from foundation.jobs.cron import SteadyCronScheduler
from readers.analytics import statements, summaries
from readers.analytics.jobs import refresh_summaries
from readers.analytics.summaries import SummariesFollower
from tests.conftest import NOW
from tests.integration.readers.analytics.story import Week, moscow
from tests.support.helpers import in_threads, somebody_waits, wait_until_settled, within

ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
def orders(transactional_db: None, printers: Any, staff: Any) -> Week:
    """An order of Monday that is printed, and one of Tuesday that is only rendered."""
    week = Week(printers, staff)
    at = moscow(12, 12)
    checks = week.order(1, 1, at, render=1)
    week.print(checks["key1"], at, download=2, confirm=10)
    week.print(checks["key2"], at, download=2, confirm=20)
    week.order(2, 1, moscow(13, 0, 30), render=2)
    wait_until_settled()
    return week


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements.FORGET)
    reset_position("analytics")


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def days() -> list[tuple[Any, ...]]:
    return rows(
        "SELECT day::text, printer_id, checks, printed_checks, "
        "median_seconds_to_render, p95_seconds_to_paper FROM analytics.printer_day ORDER BY 1, 2"
    )


def hours() -> list[tuple[Any, ...]]:
    return rows(
        "SELECT starts_at, point_id, orders, complete_orders, checks, median_seconds_to_complete "
        "FROM analytics.point_hour ORDER BY 1, 2"
    )


def refresh(now: datetime = NOW) -> int:
    return summaries.catch_up(now=now, zone=ZONE)


def test_they_hold_what_is_settled(orders: Week) -> None:
    kitchen, client = (orders.printers[key].pk for key in ("key1", "key2"))

    assert refresh() == Event.objects.count() == 12

    assert days() == [
        ("2026-01-12", kitchen, 1, 1, 1.0, 12.0),
        ("2026-01-12", client, 1, 1, 1.0, 22.0),
        ("2026-01-13", kitchen, 1, 0, 2.0, None),
        ("2026-01-13", client, 1, 0, 2.0, None),
    ]
    assert hours() == [(moscow(12, 12), 1, 1, 1, 2, 22.0), (moscow(13, 0), 1, 1, 0, 2, None)]
    assert rows("SELECT DISTINCT starts_at FROM analytics.printer_day ORDER BY 1") == [
        (moscow(12, 0),),
        (moscow(13, 0),),
    ]


def test_they_are_computed_anew_where_something_happened_and_only_there(orders: Week) -> None:
    refresh()
    later = moscow(20, 0)
    check = Check.objects.get(order_id=2, printer=orders.printers["key1"])
    orders.print(check, moscow(13, 0, 31), download=0, confirm=30)
    wait_until_settled()

    assert refresh(later) == 2

    assert days()[2] == ("2026-01-13", check.printer_id, 1, 1, 2.0, 90.0)
    assert rows(
        "SELECT day::text, printer_id FROM analytics.printer_day WHERE refreshed_at = '2026-01-20 00:00+03'"
    ) == [("2026-01-13", check.printer_id)]
    assert rows("SELECT refreshed_at FROM analytics.progress") == [(later,)]
    assert refresh() == 0


def test_they_go_on_batch_by_batch(orders: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh()
    whole = days(), hours()
    _forget()
    monkeypatch.setattr(SummariesFollower, "events_per_batch", 5)

    assert summaries.catch_up(now=NOW, zone=ZONE, batches=2) == 10
    assert refresh() == 2

    assert (days(), hours()) == whole


def test_their_days_begin_anew_in_another_zone(orders: Week) -> None:
    refresh()

    assert summaries.catch_up(now=NOW, zone=ZoneInfo("UTC")) == 12

    assert [day for day, *_ in days()] == ["2026-01-12"] * 2
    assert rows("SELECT DISTINCT checks FROM analytics.printer_day") == [(2,)]


def test_they_hold_nothing_of_a_zone_that_was_left_meanwhile(
    orders: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that still knows the old zone has computed its first rows when another starts over."""
    utc = ZoneInfo("UTC")
    slow = SummariesFollower(now=NOW, zone=ZONE)

    def overtaken(batch: Batch) -> summaries.Rows:
        SummariesFollower(now=NOW, zone=utc).position()
        return SummariesFollower.prepare(slow, batch)

    monkeypatch.setattr(slow, "prepare", overtaken)
    assert slow.follow_batch() == 0
    assert days() == []

    assert summaries.catch_up(now=NOW, zone=utc) == 12
    assert len(days()) == 2


def test_they_forget_what_is_being_written_in_another_zone(orders: Week) -> None:
    """A worker that starts over waits for one that still knows the old zone, and deletes its rows too."""
    old = SummariesFollower(now=NOW, zone=ZONE)
    before = old.position()
    rows_of_the_old = summaries.compute(Check.objects.values_list("pk", flat=True), now=NOW, zone=ZONE)

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            assert old.move(before, Position(1, 1))
            over = threads.submit(in_threads, 1, lambda _: summaries.catch_up(now=NOW, zone=ZoneInfo("UTC")))
            within(10, somebody_waits)
            old.write(rows_of_the_old)
        assert over.result() == [12]

    assert [day for day, *_ in days()] == ["2026-01-12"] * 2


def test_they_keep_what_has_left_the_log(orders: Week) -> None:
    refresh()
    rows("UPDATE analytics.printer_day SET checks = 7 RETURNING 1")
    rows("UPDATE analytics.point_hour SET checks = 7 RETURNING 1")
    ids = Check.objects.values_list("pk", flat=True)

    summaries.write(summaries.compute(ids, now=NOW, zone=ZONE))

    assert {each[2] for each in days()} == {7}
    assert {each[4] for each in hours()} == {7}


def test_the_job_and_the_command_refresh_them(orders: Week) -> None:
    refresh_summaries()
    assert len(days()) == 4
    _forget()

    call_command("refresh_analytics", verbosity=0)

    assert len(days()) == 4


def test_the_cron_refreshes_them(redis: Any) -> None:
    scheduler = SteadyCronScheduler()
    scheduler.load_config_from_file(CONFIGURATION)
    scheduler.enqueue_jobs()

    names = [job.func_name for job in django_rq.get_queue(UPKEEP).jobs]
    assert names.count("readers.analytics.jobs.refresh_summaries") == 1


@pytest.mark.django_db
def test_the_applications_role_refreshes_them(as_app: Any, created: list[Check]) -> None:
    ids = [check.pk for check in created]
    with as_app():
        refresh_summaries()
        summaries.write(summaries.compute(ids, now=NOW, zone=ZONE))
        summaries.write(summaries.compute(ids, now=NOW, zone=ZONE))

        assert {(2026, 1, 15)} == {
            (day.year, day.month, day.day) for (day,) in rows("SELECT day FROM analytics.printer_day")
        }

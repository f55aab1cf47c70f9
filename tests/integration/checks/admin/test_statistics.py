"""Statistics of many checks …"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks.admin.home import statistics
from checks.admin.home.statistics import count_created, measure_lifetimes
from checks.models import Check
from tests.conftest import NOW
from tests.support.lives import HOUR, MINUTE, SECOND, fail_render, jam_at, order_at, print_at, render_at

TINY = timedelta(microseconds=1)
THREE_HOURS = [NOW + number * HOUR for number in range(4)]


def life(order_id: int, created: datetime, *, to_pdf: float, to_paper: float) -> None:
    """Lead both checks of an order to the paper."""
    for check in order_at(created, order_id):
        render_at(created + to_pdf * SECOND, check)
        print_at(created + to_paper * SECOND, check)


def test_they_are_empty_where_nothing_happened(db: None) -> None:
    assert count_created(THREE_HOURS) == {"stride": 1, "orders": [0, 0, 0], "checks": [0, 0, 0]}
    assert measure_lifetimes(THREE_HOURS) == {
        "stride": 1,
        "checks": 0,
        "to_pdf": [None, None, None],
        "to_paper": [None, None, None],
        "failures": [],
        "other_failures": 0,
        "points": [],
    }


def test_they_count_orders_and_checks_from_each_bound_to_the_next(printers: Any) -> None:
    order_at(NOW - TINY, 1)  # too early
    order_at(NOW, 2)
    order_at(NOW + HOUR - TINY, 3)
    order_at(NOW + 2 * HOUR, 4)
    order_at(NOW + 3 * HOUR, 5)  # too late

    assert count_created(THREE_HOURS) == {"stride": 1, "orders": [2, 0, 1], "checks": [4, 0, 2]}


@pytest.mark.parametrize("before", [0, 1, 7, 40])
def test_they_find_the_window_among_what_came_before_and_after(printers: Any, before: int) -> None:
    for number in range(before):
        order_at(NOW - 100 * HOUR + number * HOUR, number + 1)
    for number in range(5):
        order_at(NOW + number * HOUR, 100 + number)

    assert count_created(THREE_HOURS)["orders"] == [1, 1, 1]


def test_they_take_no_sample_because_of_what_was_before_or_comes_after(printers: Any) -> None:
    for number in range(40):
        order_at(NOW + (number - 20) * HOUR + 30 * MINUTE, number + 1)

    assert count_created(THREE_HOURS, at_most=6)["stride"] == 1
    assert count_created(THREE_HOURS, at_most=5)["stride"] == 2


def test_they_follow_those_alone_that_were_created_within(printers: Any) -> None:
    for order_id, created in enumerate((NOW - TINY, NOW, NOW + 3 * HOUR - TINY, NOW + 3 * HOUR), start=1):
        for check in order_at(created, order_id):
            fail_render(created, check)

    lifetimes = measure_lifetimes(THREE_HOURS)

    assert lifetimes["checks"] == 4
    assert lifetimes["failures"] == [{"stage": "render", "reason": "bad_order", "number": 4}]


def test_they_bear_ids_in_another_order_than_times(printers: Any) -> None:
    for order_id, second in enumerate((3, 1, 2, 0), start=1):
        order_at(NOW + second * SECOND, order_id)

    assert count_created(THREE_HOURS)["orders"] == [4, 0, 0]


def test_they_have_the_median_and_the_95th_percentile(printers: Any) -> None:
    for number in range(1, 22):
        life(number, NOW + MINUTE, to_pdf=number, to_paper=10 * number)

    lifetimes = measure_lifetimes(THREE_HOURS)

    assert lifetimes["checks"] == 42
    assert lifetimes["to_pdf"] == [{"median": 11.0, "p95": 20.0}, None, None]
    assert lifetimes["to_paper"] == [{"median": 110.0, "p95": 200.0}, None, None]


def test_they_measure_to_the_first_print_and_never_below_nothing(printers: Any) -> None:
    kitchen, client = order_at(NOW, 1)
    render_at(NOW - SECOND, kitchen)  # by a clock that was behind
    print_at(NOW + SECOND, kitchen)
    render_at(NOW - SECOND, client)

    lifetimes = measure_lifetimes(THREE_HOURS)

    assert lifetimes["to_pdf"][0] == {"median": 0.0, "p95": 0.0}
    assert lifetimes["to_paper"][0] == {"median": 1.0, "p95": 1.0}


def test_they_name_the_reasons_of_failures_the_most_frequent_first(
    printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "MAX_REASONS", 2)
    for order_id, reason in ((1, "paper jam"), (2, "paper out")):
        for check in order_at(NOW, order_id):
            render_at(NOW, check)
            jam_at(NOW, check, reason)
    kitchen, client = order_at(NOW, 3)
    render_at(NOW, kitchen)
    jam_at(NOW, kitchen)
    fail_render(NOW, client)

    lifetimes = measure_lifetimes(THREE_HOURS)

    assert lifetimes["failures"] == [
        {"stage": "print", "reason": "paper jam", "number": 3},
        {"stage": "print", "reason": "paper out", "number": 2},
    ]
    assert lifetimes["other_failures"] == 1


def test_they_show_the_slowest_points_that_printed_enough(printers: Any) -> None:
    points = {printer.point_id for printer in printers.values()}
    fast, slow = sorted(points)[:2]
    for number in range(5):
        for at, (point, seconds) in enumerate(((fast, 3), (slow, 30))):
            for check in order_at(NOW, 1 + 2 * number + at, point_id=point):
                render_at(NOW, check)
                print_at(NOW + seconds * SECOND, check)
    rare = sorted(points)[2]
    for check in order_at(NOW, 99, point_id=rare):
        render_at(NOW, check)
        print_at(NOW + HOUR, check)

    slowest = measure_lifetimes(THREE_HOURS)["points"]

    assert [each["point"] for each in slowest] == [str(slow), str(fast)]
    assert slowest[0]["to_paper"] == {"median": 30.0, "p95": 30.0}


def test_they_read_no_more_of_a_life_than_is_bearable(printers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MAX_EVENTS_PER_CHECK", 3)  # created, rendered, downloaded
    life(1, NOW, to_pdf=1, to_paper=2)

    lifetimes = measure_lifetimes(THREE_HOURS)

    assert (lifetimes["to_pdf"][0], lifetimes["to_paper"][0]) == ({"median": 1.0, "p95": 1.0}, None)


@pytest.fixture
def many_orders(printers: Any) -> None:
    """2,000 orders within an hour, each with a kitchen's and a client's check, printed after 10 s."""
    rows = {"order_system": "created", "worker": "rendered", "printer": "printed"}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO checks_check (printer_id, type, "order", order_salt, order_id, status, pdf_file,
                                      version, status_changed_at)
            SELECT side.id, side.check_type, '{}', '', number, 'printed', 'x', 3, %s
            FROM generate_series(1, 2000) AS number, printers_printer AS side
            WHERE side.point_id = 1 ORDER BY number, side.id
            """,
            [NOW],
        )
        for version, (actor, kind) in enumerate(rows.items(), start=1):
            cursor.execute(
                """
                INSERT INTO events_event (check_id, version, type, schema_version, data, actor,
                                          correlation_id, occurred_at, event_uid, hash, prev_hash)
                SELECT id, %(version)s, %(type)s, 1,
                       json_build_object('order_id', order_id::text, 'point_id', 1)::jsonb, %(actor)s,
                       md5(id::text)::uuid, %(at)s + order_id * interval '1.5 second',
                       md5(%(type)s || id)::uuid, decode(repeat('00', 32), 'hex'),
                       decode(repeat('00', 32), 'hex')
                FROM checks_check
                """,
                {"version": version, "type": kind, "actor": actor, "at": NOW + (version - 1) * 5 * SECOND},
            )
        cursor.execute("ANALYZE events_event")
        cursor.execute("ANALYZE checks_check")


def test_they_are_projected_from_a_sample_where_there_are_more_than_is_bearable(many_orders: None) -> None:
    counted = count_created(THREE_HOURS, at_most=500)
    lifetimes = measure_lifetimes(THREE_HOURS, at_most=500)

    assert counted["stride"] == lifetimes["stride"] == 8
    assert counted["checks"] == [4000, 0, 0]
    assert 1800 <= counted["orders"][0] <= 2200  # neither kitchens alone nor clients alone were picked
    assert lifetimes["checks"] == 4000
    assert lifetimes["to_paper"][0] == {"median": 10.0, "p95": 10.0}


@pytest.mark.parametrize("read", [count_created, measure_lifetimes])
def test_they_are_read_check_by_check_from_an_index(many_orders: None, read: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        read(THREE_HOURS, at_most=500)

    statements = [each["sql"] for each in captured if "FROM events_event" in each["sql"]]
    assert len(statements) == 2
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + statement)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "events_event_stream_version" in plan, plan
        assert "Seq Scan on events_event" not in plan, plan
        assert "Seq Scan on checks_check" not in plan, plan


def test_they_leave_the_deadline_of_a_transaction_as_it_was(db: None) -> None:
    count_created(THREE_HOURS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("10s",)


def test_they_do_not_depend_on_checks_without_events(printers: Any) -> None:
    """Such as an archive leaves behind."""
    order_at(NOW, 1)
    Check.objects.bulk_create(
        Check(
            printer=printers["key1"],
            type="kitchen",
            order={},
            order_salt=b"",
            order_id=1000 + number,
            status="printed",
            status_changed_at=NOW,
        )
        for number in range(10)
    )
    order_at(NOW + HOUR, 2)

    assert count_created(THREE_HOURS)["checks"] == [2, 2, 0]

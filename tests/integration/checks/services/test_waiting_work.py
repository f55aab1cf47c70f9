"""Waiting work is counted …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks import services
from checks.models import Check
from checks.services import waiting_work
from checks.services.waiting_work import (
    Failures,
    LastSeen,
    count_failures,
    count_in_status,
    count_printers,
    count_under_lease,
    last_seen_condition,
    oldest_since,
)
from foundation.context import Actor
from printers.models import Printer, PrinterPresence
from tests.conftest import NOW
from tests.support.lives import (
    HOUR,
    MINUTE,
    SECOND,
    fail_render,
    jam_at,
    leave_unconfirmed,
    order_at,
    print_at,
    render_at,
)

WAITING = ("new", "rendered")
TINY = timedelta(microseconds=1)


def test_it_as_nothing_where_nothing_is(db: None) -> None:
    assert count_failures() == Failures(0, 0, 0)
    assert count_in_status(*WAITING, at_most=9) == 0
    assert count_under_lease(at_most=9) == 0
    assert count_printers(now=NOW) == dict.fromkeys(LastSeen, 0)
    assert oldest_since("new") is None


def test_it_once_each_and_by_why_it_failed_last(printers: Any) -> None:
    kitchen, client = order_at(NOW, 1)
    for check in (kitchen, client):
        render_at(NOW + SECOND, check)
        leave_unconfirmed(NOW + 2 * SECOND, check)
    services.reprint_check(check_id=client.pk, reason="lost", actor=Actor("command"), now=NOW + HOUR)
    jam_at(NOW + HOUR, client)  # no more unconfirmed
    for check in order_at(NOW, 2):
        fail_render(NOW + SECOND, check)

    assert count_failures() == Failures(read=4, unconfirmed=1, not_rendered=2)


def test_it_as_unconfirmed_only_where_no_confirmation_came(printers: Any) -> None:
    """A printer may report any reason."""
    for check in order_at(NOW, 1):
        render_at(NOW, check)
        jam_at(NOW, check, "unconfirmed")

    assert count_failures() == Failures(read=2, unconfirmed=0, not_rendered=0)


def test_it_from_exactly_the_moment_on_that_was_asked_for(printers: Any) -> None:
    order_at(NOW, 1)

    assert count_in_status(*WAITING, until=NOW - TINY, at_most=9) == 0
    assert count_in_status(*WAITING, until=NOW, at_most=9) == 2


def test_it_while_it_is_new_or_rendered_and_not_on_paper(printers: Any) -> None:
    kitchen, client = order_at(NOW, 1)
    render_at(NOW, kitchen)
    assert count_in_status(*WAITING, at_most=9) == 2
    assert count_in_status("new", at_most=9) == 1

    print_at(NOW, kitchen)
    fail_render(NOW, client)

    assert count_in_status(*WAITING, at_most=9) == 0
    assert count_in_status("failed", at_most=9) == 1


def test_it_from_the_oldest_on(printers: Any) -> None:
    for number in (2, 1):
        order_at(NOW + number * MINUTE, number)

    assert oldest_since("new") == NOW + MINUTE


def test_it_up_to_a_limit(printers: Any) -> None:
    for number in (1, 2):
        order_at(NOW, number)

    assert count_in_status(*WAITING, at_most=3) == 3


def test_it_among_the_newest_failures_and_says_that_there_may_be_more(
    printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_work, "FAILURES_READ", 2)
    for number in (1, 2):
        for check in order_at(NOW + number * MINUTE, number):
            fail_render(NOW + number * MINUTE, check)

    failures = count_failures()

    assert failures == Failures(read=2, unconfirmed=0, not_rendered=2)
    assert not failures.are_all


@pytest.fixture
def seen(printers: dict[str, Printer]) -> Printer:
    """The one printer that was seen."""
    PrinterPresence.objects.create(printer=printers["key1"], last_seen_at=NOW)
    return printers["key1"]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (60 * SECOND - TINY, LastSeen.RECENTLY),
        (60 * SECOND, LastSeen.STOPPED),
        (timedelta(days=7) - TINY, LastSeen.STOPPED),
        (timedelta(days=7), LastSeen.GONE),
    ],
    ids=str,
)
def test_it_of_printers_by_when_they_were_last_seen(seen: Printer, later: Any, expected: LastSeen) -> None:
    now = NOW + later
    found = {each: list(Printer.objects.filter(last_seen_condition(each, now=now))) for each in LastSeen}

    assert [each for each in LastSeen if seen in found[each]] == [expected]
    assert sum(len(each) for each in found.values()) == Printer.objects.count()
    numbers = count_printers(now=now)
    assert numbers == {each: len(found[each]) for each in LastSeen}


def test_it_of_printers_with_a_silence_longer_than_a_week(seen: Printer, settings: Any) -> None:
    settings.PRINTER_SILENT_SECONDS = 8 * 86400
    now = NOW + timedelta(days=7, hours=12)

    assert [
        each for each in LastSeen if seen in Printer.objects.filter(last_seen_condition(each, now=now))
    ] == [LastSeen.RECENTLY]


def test_it_by_the_index_of_checks_that_are_not_printed(printers: Any) -> None:
    """At 30,000 checks, nearly all of them printed."""
    Check.objects.bulk_create(
        (
            Check(
                printer=printers["key1"],
                type="kitchen",
                order={},
                order_salt=b"",
                order_id=number + 1,
                status="failed" if number % 1000 == 0 else "rendered" if number % 1000 == 1 else "printed",
                status_changed_at=NOW,
            )
            for number in range(30_000)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE checks_check")
    with CaptureQueriesContext(connection) as captured:
        count_failures()
        count_in_status(*WAITING, until=NOW, at_most=1000)

    assert len(captured) == 2
    for query in captured:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert any(index in plan for index in ("checks_check_open", "checks_check_printer_failed")), plan
        assert "Seq Scan on checks_check" not in plan, plan

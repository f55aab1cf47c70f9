"""What needs a person is counted …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks import attention, services
from checks.attention import Heard, Number, checks_in_need, heard_like, printers_in_need
from checks.models import Check, Printer, PrinterSighting
from events.context import Actor
from tests.conftest import NOW
from tests.lives import (
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

NONE = Number(0, False)
TINY = timedelta(microseconds=1)


def test_it_as_nothing_where_nothing_is(db: None) -> None:
    assert checks_in_need(now=NOW) == (NONE, NONE, NONE)
    assert printers_in_need(now=NOW) == (NONE, NONE, NONE)


def test_it_once_each_and_by_why_it_failed_last(printers: Any) -> None:
    kitchen, client = order_at(NOW, 1)
    for check in (kitchen, client):
        render_at(NOW + SECOND, check)
        leave_unconfirmed(NOW + 2 * SECOND, check)
    services.reprint_check(check_id=client.pk, reason="lost", actor=Actor("command"), now=NOW + HOUR)
    jam_at(NOW + HOUR, client)  # no more unconfirmed
    for check in order_at(NOW, 2):
        fail_render(NOW + SECOND, check)

    assert checks_in_need(now=NOW + HOUR) == (Number(1, False), Number(2, False), NONE)


def test_it_from_exactly_a_minute_on(printers: Any) -> None:
    order_at(NOW, 1)

    assert checks_in_need(now=NOW + MINUTE - TINY).waiting == NONE
    assert checks_in_need(now=NOW + MINUTE).waiting == Number(2, False)


def test_it_while_it_is_new_or_rendered_and_not_on_paper(printers: Any) -> None:
    kitchen, client = order_at(NOW, 1)
    render_at(NOW, kitchen)
    assert checks_in_need(now=NOW + HOUR).waiting == Number(2, False)

    print_at(NOW, kitchen)
    fail_render(NOW, client)

    assert checks_in_need(now=NOW + HOUR).waiting == NONE


def test_it_up_to_a_limit(printers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "MOST", 3)
    order_at(NOW, 1)
    assert checks_in_need(now=NOW + HOUR).waiting == Number(2, False)
    order_at(NOW, 2)
    assert checks_in_need(now=NOW + HOUR).waiting == Number(3, True)


def test_it_among_the_newest_failures_and_says_that_there_may_be_more(
    printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "LOOKED_AT", 2)
    for number in (1, 2):
        for check in order_at(NOW + number * MINUTE, number):
            fail_render(NOW + number * MINUTE, check)

    assert checks_in_need(now=NOW + HOUR)[:2] == (Number(0, True), Number(2, True))


@pytest.fixture
def heard(printers: dict[str, Printer]) -> Printer:
    """The one printer that was heard."""
    PrinterSighting.objects.create(printer=printers["key1"], seen_at=NOW)
    return printers["key1"]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (60 * SECOND - TINY, Heard.LATELY),
        (60 * SECOND, Heard.STOPPED),
        (timedelta(days=7) - TINY, Heard.STOPPED),
        (timedelta(days=7), Heard.GONE),
    ],
    ids=str,
)
def test_it_of_printers_by_when_they_were_last_heard(heard: Printer, later: Any, expected: Heard) -> None:
    now = NOW + later
    found = {each: list(Printer.objects.filter(heard_like(each, now=now))) for each in Heard}

    assert [each for each in Heard if heard in found[each]] == [expected]
    assert sum(len(each) for each in found.values()) == Printer.objects.count()
    numbers = printers_in_need(now=now)
    assert numbers.stopped.number == (expected == Heard.STOPPED)
    assert numbers.gone.number == (expected == Heard.GONE)
    assert numbers.never.number == Printer.objects.count() - 1


def test_it_of_printers_with_a_silence_longer_than_a_week(heard: Printer, settings: Any) -> None:
    settings.PRINTER_SILENT_SECONDS = 8 * 86400
    now = NOW + timedelta(days=7, hours=12)

    assert [each for each in Heard if heard in Printer.objects.filter(heard_like(each, now=now))] == [
        Heard.LATELY
    ]


def test_it_by_an_index_of_what_is_not_settled(printers: Any) -> None:
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
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE checks_check")
    with CaptureQueriesContext(connection) as captured:
        checks_in_need(now=NOW + HOUR)

    assert len(captured) == 2
    for query in captured:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert any(index in plan for index in ("checks_check_open", "checks_check_printer_failed")), plan
        assert "Seq Scan on checks_check" not in plan, plan

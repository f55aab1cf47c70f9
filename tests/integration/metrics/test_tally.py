"""The tally of events …"""

import threading
from typing import Any

import pytest
from django.db import connection

from checks import services
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from readers.metrics import tally
from readers.metrics.models import Tally
from readers.metrics.tally import EVENTS, FAILURES, ORDERS, RENDER_SECONDS, Cell
from tests.conftest import NOW
from tests.helpers import WORKER, expire_leases, in_threads, record_render, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

SYSTEM = Actor.order_system()


def counted() -> dict[Cell, int]:
    return {cell: count for cell, (count, _) in tally.counts().items()}


def in_the_log() -> int:
    return Event.objects.count()


def of_events() -> int:
    return sum(count for cell, count in counted().items() if cell.kind == EVENTS)


def test_it_counts_what_has_happened(created: list[Check], printers: Any, staff: Actor) -> None:
    kitchen, client = created
    services.record_render_failure(
        check_id=client.pk, reason="timeout", ms=9, permanent=True, actor=WORKER, now=NOW
    )
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=kitchen.pk, now=NOW)
    services.report_failure(printer=printers["key1"], check_id=kitchen.pk, reason="Иван, 917", now=NOW)
    wait_until_settled()

    assert tally.catch_up() == in_the_log()

    assert counted() == {
        Cell(ORDERS): 1,
        Cell(EVENTS, "created"): 2,
        Cell(EVENTS, "render_attempt_failed"): 1,
        Cell(EVENTS, "failed"): 2,
        Cell(EVENTS, "rendered"): 1,
        Cell(EVENTS, "downloaded"): 1,
        Cell(FAILURES, "render_attempt", "timeout"): 1,
        Cell(FAILURES, "render", "timeout"): 1,
        Cell(FAILURES, "print", "reported"): 1,
        Cell(RENDER_SECONDS, "0.025"): 1,
    }
    assert tally.counts()[Cell(RENDER_SECONDS, "0.025")] == (1, 7)


def test_it_goes_on_where_it_stopped(created: list[Check], printers: Any) -> None:
    wait_until_settled()
    assert tally.catch_up() == 2
    assert tally.catch_up() == 0

    record_render(now=NOW)
    wait_until_settled()

    assert tally.catch_up() == 1
    assert of_events() == in_the_log() == 3


def test_it_counts_a_long_log_in_batches(printers: Any, order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "BATCH", 2)
    for number in range(1, 4):
        services.create_checks(order={**order, "id": number}, actor=SYSTEM, now=NOW)
    wait_until_settled()

    assert tally.catch_up(batches=1) == 2
    assert tally.catch_up() == 4
    assert of_events() == in_the_log()


def test_it_moves_on_and_counts_in_one_transaction(
    created: list[Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until_settled()

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(tally, "_add", crash)
        with pytest.raises(KeyboardInterrupt):
            tally.count_batch()

    assert tally.catch_up() == 2
    assert of_events() == 2


def test_it_misses_nothing_and_counts_nothing_twice_beside_writers_and_other_counters(
    printers: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four writers and three counters at once, in batches so small that the counters meet."""
    monkeypatch.setattr(tally, "BATCH", 3)
    written = threading.Event()
    writing = threading.Barrier(4, action=written.set)

    def work(number: int) -> int:
        if number < 4:
            for step in range(15):
                order_id = 1 + number * 100 + step
                services.create_checks(order={**order, "id": order_id}, actor=SYSTEM, now=NOW)
            writing.wait(30)
            return 0
        moved = 0
        while not written.is_set():
            moved += tally.catch_up()
        return moved

    moved = sum(in_threads(7, work))
    wait_until_settled()
    moved += tally.catch_up()

    assert in_the_log() == 4 * 15 * 2
    assert moved == of_events() == in_the_log()
    assert counted()[Cell(ORDERS)] == 4 * 15


def test_it_is_counted_anew_when_it_was_emptied(created: list[Check]) -> None:
    wait_until_settled()
    tally.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE metrics_tally, metrics_tallyposition")

    assert tally.catch_up() == 2
    assert Tally.objects.get(kind=EVENTS, first="created").count == 2


def test_it_names_the_leases_that_nobody_confirmed(
    created: list[Check], printers: Any, settings: Any
) -> None:
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=created[0].pk, now=NOW)
    expire_leases(NOW.replace(year=NOW.year + 1))
    wait_until_settled()
    tally.catch_up()

    assert counted()[Cell(FAILURES, "delivery", "unconfirmed")] == 1

"""The tally of events …"""

from typing import Any

import pytest

from checks import services
from checks.models import Check
from events.models import Event, FollowerPosition
from foundation.context import Actor
from readers.metrics import tally
from readers.metrics.models import Tally
from readers.metrics.tally import EVENTS, FAILURES, ORDERS, RENDER_SECONDS, Cell, TallyFollower
from tests.conftest import NOW
from tests.support.helpers import WORKER, expire_leases, record_render, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)


def counted() -> dict[Cell, int]:
    return {cell: count for cell, (count, _) in tally.counts().items()}


def in_the_log() -> int:
    return Event.objects.count()


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


def test_it_counts_an_order_once_though_its_checks_are_in_two_batches(
    created: list[Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TallyFollower, "events_per_batch", 1)
    wait_until_settled()

    assert tally.catch_up() == 2

    assert counted() == {Cell(ORDERS): 1, Cell(EVENTS, "created"): 2}


def test_it_counts_again_from_the_beginning_after_it_was_emptied(created: list[Check]) -> None:
    wait_until_settled()
    tally.catch_up()
    Tally.objects.all().delete()
    FollowerPosition.objects.filter(name="metrics").delete()

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

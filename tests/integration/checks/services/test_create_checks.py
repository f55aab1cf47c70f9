"""create_checks …"""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from checks import services
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import in_threads

SYSTEM = Actor.order_system()


def test_it_makes_a_check_for_every_printer_of_the_point(printers: Any, order: Any) -> None:
    checks = services.create_checks(order=order, actor=SYSTEM, now=NOW)

    rows = list(Check.objects.order_by("id").values_list("printer_id", "type", "status", "version"))
    assert rows == [(1, "kitchen", "new", 1), (2, "client", "new", 1)]
    events = list(Event.objects.order_by("id").values_list("stream_id", "version", "type", "actor"))
    assert events == [(check.pk, 1, "created", "order_system") for check in checks]
    records = list(Check.history.order_by("history_id").values_list("id", "version", "history_change_reason"))
    assert records == [(check.pk, 1, "created") for check in checks]


def test_it_keeps_names_phones_and_addresses_out_of_the_log(printers: Any, order: Any) -> None:
    services.create_checks(order=order, actor=SYSTEM, now=NOW)

    logged = " ".join(str(data) for data in Event.objects.values_list("data", flat=True))
    assert not any(text in logged for text in ("Иван", "9173332222", "Ленина", "пицца"))


def test_it_refuses_an_order_that_has_checks_at_another_point(printers: Any, order: Any) -> None:
    services.create_checks(order=order, actor=SYSTEM, now=NOW)

    with pytest.raises(services.OrderExistsError):
        services.create_checks(order={**order, "point_id": 2}, actor=SYSTEM, now=NOW)

    assert Check.objects.filter(printer__point_id=2).count() == 0


def test_it_refuses_a_point_without_a_printer(printers: Any, order: Any) -> None:
    with pytest.raises(services.PointWithoutPrinterError):
        services.create_checks(order={**order, "point_id": 99}, actor=SYSTEM, now=NOW)

    assert not Event.objects.filter(stream__order_id=order["id"]).exists()


def test_it_gives_all_events_of_one_call_the_same_request(printers: Any, order: Any) -> None:
    services.create_checks(order=order, actor=SYSTEM, now=NOW)

    assert Event.objects.values("correlation_id").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_lets_one_of_fifty_simultaneous_posts_through(printers: Any, order: Any, redis: Any) -> None:
    def create(number: int) -> list[Check]:
        point = {**order, "point_id": 1 + number % 2}
        return services.create_checks(order=point, actor=SYSTEM, now=NOW)

    results = in_threads(50, create)

    refused = [result for result in results if isinstance(result, services.OrderExistsError)]
    (made,) = [result for result in results if isinstance(result, list)]
    assert len(refused) == 49
    assert Check.objects.filter(order_id=order["id"]).count() == len(made)
    assert Event.objects.filter(type="created").count() == len(made)
    call_command("verify_events", quiet=True)


@pytest.mark.django_db(transaction=True)
def test_it_does_not_hold_up_another_order(printers: Any, order: Any, redis: Any) -> None:
    with transaction.atomic():
        services.create_checks(order=order, actor=SYSTEM, now=NOW)
        (other,) = in_threads(
            1,
            lambda _: services.create_checks(order={**order, "id": order["id"] + 1}, actor=SYSTEM, now=NOW),
        )
        assert isinstance(other, list)

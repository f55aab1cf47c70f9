"""erase_personal_data --before …"""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from checks import services
from checks.integrity.verification import verify
from checks.models import Check
from checks.services import finished_orders
from checks.services.erase import erase_order
from events.models import Event
from tests.integration.checks.integrity.archive.helpers import BEFORE, CREATED, STAFF, create, finished_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders(printers: Any) -> None:
    """Orders 1 to 3 are finished, 4 is open, and of 5 something has happened since."""
    for order_id in (1, 2, 3):
        finished_order(order_id)
    create(4)
    late = finished_order(5)
    services.reprint_check(check_id=late[0].pk, reason="", actor=STAFF, now=BEFORE)
    services.mark_printed(check_id=late[0].pk, actor=STAFF, now=BEFORE)


def said(**options: Any) -> str:
    out = StringIO()
    call_command("erase_personal_data", quiet=True, stdout=out, **options)
    return out.getvalue().strip()


def erased() -> list[int]:
    return sorted(set(Check.objects.filter(order_salt=b"").values_list("order_id", flat=True)))


def test_it_erases_what_was_finished_before(orders: None) -> None:
    assert default_storage.exists("pdf/1_kitchen.pdf")

    assert said(before=BEFORE) == "The personal data of 3 orders is erased; 0 could not be."

    assert erased() == [1, 2, 3]
    assert not default_storage.exists("pdf/1_kitchen.pdf")
    assert default_storage.exists("pdf/5_kitchen.pdf")
    assert [each.differences for each in verify() if each.differences] == []


def test_it_does_nothing_twice(orders: None) -> None:
    said(before=BEFORE)
    events = Event.objects.count()

    assert said(before=BEFORE) == "The personal data of 0 orders is erased; 0 could not be."
    assert Event.objects.count() == events


def test_it_says_what_it_would_erase(orders: None) -> None:
    expected = "The personal data of 3 orders with 6 checks would be erased."

    assert said(before=BEFORE, dry_run=True) == expected
    assert erased() == []


def test_it_goes_on_where_it_was_killed(orders: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two checks of an order, too."""
    services.erase_check(
        check_id=Check.objects.filter(order_id=1)[0].pk, order_id=1, actor=STAFF, now=CREATED
    )
    done: list[int] = []

    def erase_one(*, order_id: int, **more: Any) -> Any:
        if done:
            raise KeyboardInterrupt
        done.append(order_id)
        return erase_order(order_id=order_id, **more)

    monkeypatch.setattr(services, "erase_order", erase_one)
    with pytest.raises(KeyboardInterrupt):
        said(before=BEFORE)
    monkeypatch.undo()
    assert done == [1]

    assert said(before=BEFORE) == "The personal data of 2 orders is erased; 0 could not be."
    assert erased() == [1, 2, 3]


@pytest.mark.parametrize("batch", [1, 2, 3, 5])
def test_it_finds_each_order_once_however_batches_fall(
    orders: None, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(finished_orders, "CHECKS_PER_BATCH", batch)

    batches = finished_orders.finished_orders(before=BEFORE, erased=False)
    found = [order.order_id for orders in batches for order in orders]

    assert found == [1, 2, 3]


def test_it_leaves_an_order_that_somebody_has_opened_meanwhile(
    orders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reopen_first(*, order_id: int, **more: Any) -> Any:
        if order_id == 2:
            check = Check.objects.filter(order_id=2, status="printed")[0]
            services.reprint_check(check_id=check.pk, reason="", actor=STAFF, now=CREATED)
        return erase_order(order_id=order_id, **more)

    monkeypatch.setattr(services, "erase_order", reopen_first)

    assert said(before=BEFORE).splitlines()[-1] == "The personal data of 2 orders is erased; 1 could not be."
    assert erased() == [1, 3]


def test_it_says_what_it_would_erase_of_one_order(orders: None) -> None:
    assert said(order=1, dry_run=True) == "Order 1: the personal data of 2 checks would be erased."
    assert erased() == []


def test_it_says_that_an_order_is_not_there(orders: None) -> None:
    with pytest.raises(CommandError, match="Order 99"):
        said(order=99, dry_run=True)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_it_takes_nothing_but_dates(text: str) -> None:
    with pytest.raises(CommandError, match="neither"):
        call_command("erase_personal_data", f"--before={text}")


@pytest.mark.parametrize("dry_run", [False, True])
def test_it_refuses_a_date_that_is_still_to_come(orders: None, dry_run: bool) -> None:
    with pytest.raises(CommandError, match="still to come"):
        said(before=timezone.now() + timedelta(minutes=1), dry_run=dry_run)

    assert erased() == []


def test_it_takes_a_day_as_its_beginning_where_the_service_is(orders: None) -> None:
    out = StringIO()
    day = (CREATED + timedelta(days=1)).date()

    call_command("erase_personal_data", f"--before={day}", "--dry-run", stdout=out)

    assert out.getvalue().startswith("The personal data of 3 orders")

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db.models import Min

from checks import services as checks
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from order_systems.models import OrderSystem
from readers.webhooks import delivering, follower, services
from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.support.helpers import record_render, wait_until_settled
from tests.support.receiver import Receiver

STAFF = Actor.command()


class Days:
    """A clock that only the test moves, and what happens as it does."""

    def __init__(self) -> None:
        self.now = NOW

    def work(self) -> int:
        """Do what the cron and a worker do at this moment; return how many attempts were made."""
        wait_until_settled()
        follower.catch_up(now=self.now)
        attempts = 0
        while (claimed := delivering.claim(now=self.now)) is not None:
            attempts += delivering.serve(claimed, clock=lambda: self.now)
        return attempts

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def wait_for_the_next(self) -> None:
        """Go on to the moment when there is something to do again."""
        pending = Delivery.objects.filter(state=State.PENDING, next_attempt_at__gt=self.now)
        resting = Subscription.objects.filter(rests_until__gt=self.now)
        moments: list[datetime | None] = [
            pending.aggregate(at=Min("next_attempt_at"))["at"],
            resting.aggregate(at=Min("rests_until"))["at"],
        ]
        self.now = max(self.now + timedelta(seconds=1), min(each for each in moments if each))

    def work_until(self, end: datetime) -> None:
        while self.now < end:
            self.work()
            self.wait_for_the_next()


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def order_system(db: None) -> OrderSystem:
    return OrderSystem.objects.create(name="Сайт")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which webhooks may go to."""
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    receiver = Receiver()
    receiver.up()
    yield receiver
    receiver.down()


@pytest.fixture
def subscribed(receiver: Receiver, order_system: OrderSystem) -> NewSubscription:
    """The order system's subscription, with its secret."""
    return services.create_subscription(
        order_system=order_system, address=receiver.address, actor=STAFF, now=NOW
    )


@pytest.fixture
def post(printers: Any, order: dict[str, Any], order_system: OrderSystem) -> Callable[..., list[Check]]:
    """Create the checks of an order as the order system, or as nobody of whom one knows."""

    def post(order_id: int, *, system_id: int | None = order_system.pk) -> list[Check]:
        actor = Actor.order_system(system_id)
        return checks.create_checks(order={**order, "id": order_id}, actor=actor, now=NOW)

    return post


def render(check: Check) -> None:
    record_render(check.type, now=NOW, order_id=check.order_id)


def fail(check: Check) -> None:
    """Let a rendered check fail because its printer, which fetched it, says nothing."""
    checks.download_check(printer=check.printer, check_id=check.pk, now=NOW)
    assert checks.expire_lease(check_id=check.pk, now=NOW + timedelta(hours=1))


def print_by_hand(check: Check) -> None:
    checks.mark_printed(check_id=check.pk, actor=STAFF, now=NOW)


def told_of(check: Check) -> list[Event]:
    """Return the events of a check that are told."""
    return list(Event.objects.filter(stream=check, type__in=["printed", "failed"]).order_by("version"))

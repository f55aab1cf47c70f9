"""The workers that send webhooks, as the Procfile starts them …"""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from checks import services as checks
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from order_systems.models import OrderSystem
from readers.webhooks import delivering, follower, queue, services
from readers.webhooks.models import Delivery, State
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.functional.processes import running
from tests.support.helpers import wait_until_settled, within
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = Actor.command()
ALLOWED = {"WEBHOOK_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
def receivers(settings: Any) -> Iterator[list[Receiver]]:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    receivers = [Receiver(), Receiver()]
    for receiver in receivers:
        receiver.up()
    yield receivers
    for receiver in receivers:
        receiver.down()


@pytest.fixture
def subscriptions(receivers: list[Receiver]) -> list[NewSubscription]:
    """A subscription of an order system of its own for each receiver."""
    return [
        services.create_subscription(
            order_system=OrderSystem.objects.create(name=f"Сайт {number}"),
            address=receiver.address,
            actor=ACTOR,
            now=NOW,
        )
        for number, receiver in enumerate(receivers)
    ]


@pytest.fixture
def failed(subscriptions: list[NewSubscription], printers: Any, order: Any) -> list[Check]:
    """The kitchen's check of an order of each order system, failed; its delivery is written."""
    found = []
    for number, made in enumerate(subscriptions, start=1):
        actor = Actor.order_system(made.subscription.order_system_id)
        kitchen, _ = checks.create_checks(order={**order, "id": number}, actor=actor, now=NOW)
        checks.mark_failed(check_id=kitchen.pk, reason="", actor=ACTOR, now=NOW)
        found.append(kitchen)
    wait_until_settled()
    follower.catch_up(now=timezone.now())
    return found


def id_of(check: Check) -> str:
    return str(Event.objects.get(stream=check, type="failed").event_uid)


def test_one_is_killed_in_the_middle_and_nothing_is_lost(
    receivers: list[Receiver], failed: list[Check], redis: Any, tmp_path: Path
) -> None:
    first, _ = receivers
    Delivery.objects.exclude(check_id=failed[0].pk).delete()
    release = threading.Event()
    first.before_answer = lambda: release.wait(60)

    def it_sends() -> bool:
        queue.wake_up()
        return bool(first.calls)

    with running("webhooks", tmp_path / "webhooks.log", **ALLOWED) as process:
        within(60, it_sends)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(15)
    release.set()

    delivery = Delivery.objects.get(check_id=failed[0].pk)
    assert (delivery.state, delivery.attempts) == (State.PENDING, 0)
    now = timezone.now()
    assert delivering.claim(now=now) is None, "whoever was killed still holds the claim"
    later = now + delivering.CLAIM
    while (claimed := delivering.claim(now=later)) is not None:
        delivering.serve(claimed, clock=lambda: later)
    assert [call.id for call in first.calls] == [id_of(failed[0])] * 2
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_slow_receiver_holds_up_no_other_and_no_secret_is_written_anywhere(
    receivers: list[Receiver],
    subscriptions: list[NewSubscription],
    failed: list[Check],
    redis: Any,
    tmp_path: Path,
) -> None:
    slow, quick = receivers
    release = threading.Event()
    slow.before_answer = lambda: release.wait(60)
    quick.answer = lambda number: 500 if number == 1 else 200
    log = tmp_path / "webhooks.log"

    def both_are_called() -> bool:
        queue.wake_up()
        return bool(slow.calls and quick.calls)

    with running("webhooks", log, WEBHOOK_WORKERS="2", **ALLOWED):
        within(60, both_are_called)
        Delivery.objects.filter(attempts__gt=0).update(next_attempt_at=timezone.now() - timedelta(hours=1))

        def the_quick_one_has_it() -> bool:
            queue.wake_up()
            Delivery.objects.filter(attempts__gt=0, state=State.PENDING).update(next_attempt_at=NOW)
            return len(quick.taken) > 0

        within(60, the_quick_one_has_it)
        assert len(slow.calls) == 1
        assert Delivery.objects.get(check_id=failed[0].pk).state == State.PENDING
        release.set()

    assert [call.id for call in quick.taken] == [id_of(failed[1])]
    text = log.read_text()
    assert "refused 500" in text
    stored = b"".join(redis.dump(key) or b"" for key in redis.keys("*")).decode("latin-1")
    calls = [*slow.calls, *quick.calls]
    for secret in [
        *(made.secret for made in subscriptions),
        *(call.headers["webhook-signature"] for call in calls),
    ]:
        assert secret not in text
        assert secret not in stored
        assert secret.removeprefix("whsec_") not in text

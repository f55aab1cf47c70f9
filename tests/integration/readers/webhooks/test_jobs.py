"""The jobs of webhooks …"""

from collections.abc import Callable
from typing import Any

import django_rq
import pytest
from rq import Queue

from checks.jobs.worker import RenderWorker
from checks.models import Check
from readers.webhooks import jobs, queue
from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.services import NewSubscription
from tests.integration.readers.webhooks.conftest import fail, render
from tests.support.helpers import wait_until_settled
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failed(subscribed: NewSubscription, post: Callable[..., list[Check]], redis: Any) -> Check:
    check, _ = post(1)
    render(check)
    fail(check)
    wait_until_settled()
    return check


def work_the_queue() -> None:
    worker = django_rq.get_worker(queue.QUEUE, worker_class=RenderWorker)
    worker.work(burst=True, logging_level="ERROR")


def woken_up(redis: Any) -> int:
    return Queue(queue.QUEUE, connection=redis).count


def test_they_take_an_event_to_its_receiver(failed: Check, receiver: Receiver, redis: Any) -> None:
    jobs.follow()
    assert woken_up(redis) == 1
    work_the_queue()

    assert len(receiver.taken) == 1
    assert Delivery.objects.get().state == State.DELIVERED
    jobs.follow()
    assert woken_up(redis) == 0, "nothing is due, and nobody is woken up"


def test_they_lose_nothing_with_redis(failed: Check, receiver: Receiver, redis: Any) -> None:
    jobs.follow()
    redis.flushdb()
    jobs.follow()
    work_the_queue()

    assert len(receiver.taken) == 1


def test_they_give_up_what_an_inactive_subscription_has_left(failed: Check, redis: Any) -> None:
    jobs.follow()
    Subscription.objects.update(is_active=False)
    jobs.follow()

    assert Delivery.objects.get().state == State.GIVEN_UP
    jobs.remove_old_deliveries()
    assert Delivery.objects.count() == 1

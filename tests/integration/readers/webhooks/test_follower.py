"""The follower that writes deliveries …"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from checks import services as checks
from checks.models import Check
from events.feed.reading import Position
from events.models import Event
from foundation.context import Actor
from order_systems.models import OrderSystem
from readers.webhooks import follower, selectors, services
from readers.webhooks.follower import WebhookFollower
from readers.webhooks.models import Delivery, Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.integration.readers.webhooks.conftest import STAFF, fail, print_by_hand, render
from tests.support.helpers import in_threads, somebody_waits, wait_until_settled, within

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., list[Check]]


def written() -> list[tuple[int, int]]:
    return list(Delivery.objects.order_by("check_id", "version").values_list("check_id", "version"))


def told() -> list[tuple[int, int]]:
    events = Event.objects.filter(type__in=["printed", "failed"]).order_by("stream_id", "version")
    return list(events.values_list("stream_id", "version"))


def fail_orders(post: Post, *numbers: int) -> None:
    for number in numbers:
        for check in post(number):
            render(check)
            fail(check)
    wait_until_settled()


def test_it_writes_one_for_each_event_and_subscription(
    subscribed: NewSubscription, order_system: OrderSystem, post: Post
) -> None:
    services.create_subscription(
        order_system=order_system, address="https://example.org/", actor=STAFF, now=NOW
    )
    fail_orders(post, 1)

    follower.catch_up(now=NOW)
    follower.catch_up(now=NOW)

    assert len(written()) == 4
    assert set(written()) == set(told())


def test_it_tells_a_new_subscription_nothing_of_what_was_before(
    receiver: Any, order_system: OrderSystem, post: Post
) -> None:
    fail_orders(post, 1)
    services.create_subscription(order_system=order_system, address=receiver.address, actor=STAFF, now=NOW)
    before = len(told())
    fail_orders(post, 2)

    follower.catch_up(now=NOW)

    assert len(written()) == len(told()) - before == 2


def test_it_passes_over_a_long_log_that_nobody_wants(
    printers: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WebhookFollower, "events_per_batch", 1)
    fail_orders(post, 1)

    assert follower.catch_up(now=NOW, batches=1) == 0

    last = Event.objects.order_by("tx_id", "id").last()
    assert last is not None
    assert follower.position() == Position(last.tx_id, last.pk)


def test_it_writes_nothing_for_an_inactive_one_and_all_for_one_on_pause(
    subscribed: NewSubscription, post: Post
) -> None:
    pk = subscribed.subscription.pk
    Subscription.objects.update(is_active=False)
    fail_orders(post, 1)
    follower.catch_up(now=NOW)
    assert written() == []

    Subscription.objects.update(is_active=True)
    assert services.pause_subscription(subscription_id=pk, actor=STAFF, now=NOW)
    fail_orders(post, 2)
    follower.catch_up(now=NOW)
    assert len(written()) == 2
    assert selectors.unclaimed(NOW).first() is None


def test_it_keeps_what_printers_and_people_write_to_itself(
    subscribed: NewSubscription, post: Post, staff: Actor
) -> None:
    kitchen, client = post(1)
    checks.mark_failed(check_id=client.pk, reason="Иван, 917", actor=staff, now=NOW)
    render(kitchen)
    checks.download_check(printer=kitchen.printer, check_id=kitchen.pk, now=NOW)
    checks.report_failure(printer=kitchen.printer, check_id=kitchen.pk, reason="Иван, 917", now=NOW)
    wait_until_settled()

    follower.catch_up(now=NOW)

    bodies = {each.check_id: each.body for each in Delivery.objects.all()}
    assert '"reason": "by_hand"' in bodies[client.pk]
    assert '"reason": "reported"' in bodies[kitchen.pk]
    assert "917" not in "".join(bodies.values())


def test_it_takes_as_many_queries_for_many_events_as_for_few(
    subscribed: NewSubscription, post: Post, django_assert_num_queries: Any
) -> None:
    fail_orders(post, 9)  # the first batch also adds the row of the position
    follower.catch_up(now=NOW)
    for numbers in ([1], [2, 3, 4, 5]):
        fail_orders(post, *numbers)
        # adopted, position, end, starts, events, subscriptions, origins; begin, move, write, commit
        with django_assert_num_queries(11):
            follower.catch_up(now=NOW)
    assert written() == told()


def test_its_old_deliveries_are_removed(subscribed: NewSubscription, post: Post) -> None:
    fail_orders(post, 1)
    follower.catch_up(now=NOW)
    kitchen, client = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=kitchen.pk).update(state="delivered", next_attempt_at=None, ended_at=NOW)

    assert services.remove_old_deliveries(now=NOW + timedelta(days=29)) == 0
    assert services.remove_old_deliveries(now=NOW + timedelta(days=31)) == 1
    follower.catch_up(now=NOW)

    assert [each.pk for each in Delivery.objects.all()] == [client.pk]
    print_by_hand(Check.objects.get(pk=kitchen.check_id))
    wait_until_settled()
    follower.catch_up(now=NOW)
    assert Delivery.objects.count() == 2


def test_an_old_delivery_that_is_delivered_again_meanwhile_stays(
    subscribed: NewSubscription, post: Post
) -> None:
    fail_orders(post, 1)
    follower.catch_up(now=NOW)
    Delivery.objects.update(state="delivered", next_attempt_at=None, ended_at=NOW)
    later = NOW + timedelta(days=31)
    again = Delivery.objects.values_list("pk", flat=True)[:1]

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            assert services.deliver_again(delivery_ids=again, now=later) == 1
            removed = threads.submit(in_threads, 1, lambda _: services.remove_old_deliveries(now=later))
            within(10, somebody_waits)
        assert removed.result() == [1]

    assert Delivery.objects.get().state == "pending"

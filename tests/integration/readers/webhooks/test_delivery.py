"""A receiver of webhooks …"""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest

from checks.models import Check
from readers.webhooks import services
from readers.webhooks.models import Delivery, State
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.integration.readers.webhooks.conftest import STAFF, Days, fail, print_by_hand, render, told_of
from tests.support.receiver import DROP, Receiver, verifier

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., list[Check]]


def test_it_is_told_of_a_failure_and_a_print(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    kitchen, _ = post(2**53 + 1)
    render(kitchen)
    fail(kitchen)
    print_by_hand(kitchen)

    days.work()

    failed, printed = (json.loads(call.body) for call in receiver.calls)
    of_failure, of_print = told_of(kitchen)
    what = {
        "check_id": kitchen.pk,
        "order_id": "9007199254740993",  # as a number, JavaScript would read 9007199254740992
        "check_type": "kitchen",
        "point_id": 1,
        "printer_id": kitchen.printer_id,
    }
    assert failed == {
        "type": "check.failed",
        "timestamp": "2026-01-15T13:00:00.000Z",
        "data": {
            "event_id": str(of_failure.event_uid),
            **what,
            "version": 4,
            "stage": "delivery",
            "reason": "unconfirmed",
            "permanent": False,
        },
    }
    assert printed["type"] == "check.printed"
    assert printed["data"] == {
        "event_id": str(of_print.event_uid),
        **what,
        "version": 5,
        "how": "by_hand",
    }
    assert [call.id for call in receiver.calls] == [str(of_failure.event_uid), str(of_print.event_uid)]
    assert receiver.calls[0].headers["content-type"] == "application/json"
    assert list(Delivery.objects.values_list("state", "attempts")) == [(State.DELIVERED, 1)] * 2


def test_it_gets_every_event_once_and_in_order_though_it_was_down_and_fails(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    """Down for ten minutes, then 500 to every third call, and the answer to every seventh is lost."""
    receiver.down()
    checks = [check for number in range(1, 9) for check in post(number)]
    for number, check in enumerate(checks):
        render(check)
        fail(check)
        if number % 2:
            print_by_hand(check)
            days.work()
            days.wait(seconds=20)
    days.work_until(NOW + timedelta(minutes=10))
    assert receiver.calls == []
    receiver.answer = lambda number: 500 if number % 3 == 0 else DROP if number % 7 == 0 else 200
    receiver.up()
    for check in checks[::2]:
        print_by_hand(check)

    days.work()
    while Delivery.objects.filter(state=State.PENDING).exists():
        days.wait_for_the_next()
        days.work()

    expected = {str(event.event_uid) for check in checks for event in told_of(check)}
    taken = [call.id for call in receiver.taken]
    assert len(taken) > len(expected) == 32, "there were repeats"
    assert set(taken) == expected
    assert days.now - NOW < timedelta(hours=1)
    in_order: dict[int, list[int]] = defaultdict(list)
    for first in dict.fromkeys(taken):
        data = json.loads(next(call.body for call in receiver.taken if call.id == first))["data"]
        in_order[data["check_id"]].append(data["version"])
    assert in_order == {check.pk: [event.version for event in told_of(check)] for check in checks}
    assert {call.status for call in receiver.calls} == {200, 500, DROP}


def test_it_can_verify_each_with_ten_lines_of_its_own(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    check, _ = post(1)
    render(check)
    fail(check)
    days.work()

    verify = verifier(lambda: days.now.timestamp())
    late = verifier(lambda: days.now.timestamp() + 301)
    (call,) = receiver.calls
    assert verify(subscribed.secret, call.headers, call.body)
    assert not verify(subscribed.secret, call.headers, call.body + b" ")
    assert not verify("whsec_" + "AAAA" * 10, call.headers, call.body)
    assert not verify(subscribed.secret, {**call.headers, "webhook-id": "x"}, call.body)
    assert not late(subscribed.secret, call.headers, call.body)


def test_it_has_a_day_to_change_the_secret(
    subscribed: NewSubscription, receiver: Receiver, days: Days
) -> None:
    pk = subscribed.subscription.pk

    def signed_by() -> list[bool]:
        services.send_test(subscription_id=pk, now=days.now)
        assert days.work() == 1
        verify = verifier(lambda: days.now.timestamp())
        call = receiver.calls[-1]
        return [verify(secret, call.headers, call.body) for secret in secrets]

    secrets = [subscribed.secret]
    assert signed_by() == [True]
    secrets.append(services.rotate_secret(subscription_id=pk, keep_old=True, actor=STAFF, now=days.now))
    assert signed_by() == [True, True]
    days.wait(hours=23)
    assert signed_by() == [True, True]
    days.wait(hours=2)
    assert signed_by() == [False, True]
    secrets.append(services.rotate_secret(subscription_id=pk, keep_old=False, actor=STAFF, now=days.now))
    assert signed_by() == [False, False, True]


def test_it_gets_nothing_of_orders_of_others_and_of_nobody(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    for number, system_id in ((1, None), (2, subscribed.subscription.order_system_id + 1)):
        check, _ = post(number, system_id=system_id)
        render(check)
        fail(check)

    assert days.work() == 0


def test_it_gets_a_webhook_again_by_hand_with_the_same_id_and_body(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    check, _ = post(1)
    render(check)
    fail(check)
    days.work()

    assert services.deliver_again(delivery_ids=[Delivery.objects.get().pk], now=days.now) == 1
    days.work()

    first, second = receiver.calls
    assert (first.id, first.body) == (second.id, second.body)

"""A receiver that fails …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from checks.models import Check
from readers.webhooks import delivering, services
from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.integration.readers.webhooks.conftest import STAFF, Days, fail, print_by_hand, render, told_of
from tests.support.receiver import Receiver, verifier

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., list[Check]]


def test_it_waits_with_the_later_webhooks_of_a_check_and_with_no_others(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    held, other = post(1)
    for check in (held, other):
        render(check)
        fail(check)
    refused = str(told_of(held)[0].event_uid)
    receiver.answer = lambda _: 500 if not receiver.calls else 200
    Delivery.objects.all().delete()
    days.work()
    print_by_hand(held)
    print_by_hand(other)
    days.work()

    # Whichever of the two came first was refused, and its check's print waits for it.
    pending = list(Delivery.objects.filter(state=State.PENDING).order_by("version"))
    assert [each.version for each in pending] == [4, 5]
    assert len({each.check_id for each in pending}) == 1
    assert len(receiver.taken) == 2
    days.wait(seconds=6)
    days.work()
    assert len(receiver.taken) == 4
    assert refused in {call.id for call in receiver.taken}


def test_it_gets_nothing_once_it_is_inactive_and_what_waited_is_given_up(
    subscribed: NewSubscription, receiver: Receiver, days: Days
) -> None:
    services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)
    assert delivering.give_up_for_inactive(now=days.now) == 0
    Subscription.objects.update(is_active=False)

    assert days.work() == 0
    assert delivering.give_up_for_inactive(now=days.now) == 1
    assert (Delivery.objects.get().state, Delivery.objects.get().last_error) == (State.GIVEN_UP, "inactive")


def test_it_goes_away_for_good_with_410(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    receiver.answer = lambda _: 410
    services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)
    days.work()

    subscription = Subscription.objects.get()
    assert not subscription.is_active
    assert subscription.history.latest().history_change_reason == "the receiver answered 410 Gone"
    check, _ = post(1)
    render(check)
    fail(check)
    days.wait(days=2)
    days.work()
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_it_is_asked_again_for_all_but_2xx_and_nobody_follows_where_it_sends_to(
    subscribed: NewSubscription, receiver: Receiver, days: Days, status: int
) -> None:
    receiver.answer = lambda number: status if number == 1 else 200
    receiver.answer_headers = {"Location": receiver.address}
    services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)
    assert days.work() == 1
    assert Delivery.objects.get().last_status == status
    days.wait(seconds=6)
    assert days.work() == 1
    assert Delivery.objects.get().state == State.DELIVERED


def test_it_is_put_on_pause_after_a_day_and_goes_on_without_loss(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    receiver.down()
    first, second = post(1)
    render(first)
    fail(first)
    days.work()
    while not Subscription.objects.filter(paused_at__isnull=False).exists():
        days.wait_for_the_next()
        days.work()
    assert timedelta(hours=24) <= days.now - NOW < timedelta(hours=33)
    assert Subscription.objects.get().pause_reason == "failing"

    receiver.up()
    render(second)
    fail(second)
    days.wait(days=3)
    assert days.work() == 0
    services.resume_subscription(subscription_id=subscribed.subscription.pk, actor=STAFF, now=days.now)
    days.work()

    assert {call.id for call in receiver.taken} == {
        str(told_of(check)[0].event_uid) for check in (first, second)
    }
    assert Subscription.objects.get().failing_since is None


def test_it_loses_a_webhook_that_it_refuses_for_a_day_while_it_takes_others(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    check, _ = post(1)
    render(check)
    fail(check)
    receiver.poison = {str(told_of(check)[0].event_uid)}
    days.work()
    poison = Delivery.objects.get()
    while Delivery.objects.filter(pk=poison.pk, state=State.PENDING).exists():
        services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)
        days.work()
        days.wait(hours=1)

    poison.refresh_from_db()
    assert (poison.state, poison.last_status) == (State.GIVEN_UP, 500)
    assert timedelta(hours=20) < days.now - NOW < timedelta(hours=36)
    assert Subscription.objects.get().paused_at is None


def test_it_is_left_alone_the_longer_it_fails(
    subscribed: NewSubscription, receiver: Receiver, post: Post, days: Days
) -> None:
    """Forty checks wait, and it is down: it gets a few attempts a minute, not forty every time."""
    receiver.answer = lambda _: 503
    for number in range(1, 21):
        for check in post(number):
            render(check)
            fail(check)
    days.work()
    before = len(receiver.calls)
    assert before == 40

    days.work_until(NOW + timedelta(minutes=30))

    assert len(receiver.calls) < 40 + 40 * 2


def test_it_gets_nothing_when_its_secret_cannot_be_derived_any_more(
    subscribed: NewSubscription, receiver: Receiver, days: Days, settings: Any
) -> None:
    pk, old = subscribed.subscription.pk, settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    services.send_test(subscription_id=pk, now=days.now)
    assert days.work() == 0
    assert Subscription.objects.get().pause_reason == "no_secret"

    settings.SECRET_KEY_FALLBACKS = [old]
    services.resume_subscription(subscription_id=pk, actor=STAFF, now=days.now)
    assert days.work() == 1

    settings.SECRET_KEY_FALLBACKS = []
    services.send_test(subscription_id=pk, now=days.now)
    days.work()
    secret = services.rotate_secret(subscription_id=pk, keep_old=True, actor=STAFF, now=days.now)
    assert days.work() == 1
    call = receiver.calls[-1]
    assert verifier(lambda: days.now.timestamp())(secret, call.headers, call.body)

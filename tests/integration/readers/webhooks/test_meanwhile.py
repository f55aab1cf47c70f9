"""What people do to a subscription while webhooks of it are under way …"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from readers.webhooks import delivering, services
from readers.webhooks.models import Delivery, PauseReason, State, Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.integration.readers.webhooks.conftest import STAFF, Days
from tests.support.helpers import another_connection, in_threads, somebody_waits, within
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failing(subscribed: NewSubscription, receiver: Receiver, days: Days) -> int:
    """A subscription with a webhook that is due, whose receiver has failed for a day, and goes on to."""
    pk = subscribed.subscription.pk
    services.send_test(subscription_id=pk, now=NOW)
    long_ago = NOW - timedelta(days=2)
    Subscription.objects.update(failures_in_a_row=9, failing_since=long_ago, last_failure_at=long_ago)
    receiver.answer = lambda _: 500
    return pk


def test_another_address_has_not_failed(failing: int, receiver: Receiver, days: Days) -> None:
    def mend() -> None:
        subscription = Subscription.objects.get()
        subscription.address = "https://mended.example.org/"
        services.change_subscription(subscription=subscription, actor=STAFF)
        connection.close()

    receiver.before_answer = mend
    assert days.work() == 1

    found = Subscription.objects.get()
    assert (found.failures_in_a_row, found.failing_since, found.rests_until) == (0, None, None)
    assert (found.paused_at, found.failed_count) == (None, 1)
    assert Delivery.objects.get().attempts == 1


def test_a_pause_by_hand_stays_one(failing: int, receiver: Receiver, days: Days) -> None:
    def stop() -> None:
        services.pause_subscription(subscription_id=failing, actor=STAFF, now=NOW)
        connection.close()

    receiver.before_answer = stop
    assert days.work() == 1

    assert Subscription.objects.get().pause_reason == PauseReason.BY_HAND


def test_who_resumes_it_and_who_records_do_not_lock_each_other_out(
    subscribed: NewSubscription, receiver: Receiver, days: Days
) -> None:
    """The pause comes while the webhook is under way; what came of it is recorded during the resumption."""
    pk = subscribed.subscription.pk
    services.send_test(subscription_id=pk, now=NOW)
    claimed = delivering.claim(now=NOW)
    assert claimed is not None
    services.pause_subscription(subscription_id=pk, actor=STAFF, now=NOW)

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Subscription.objects.select_for_update(no_key=True).get(pk=pk)  # as resume_subscription begins
            served = threads.submit(in_threads, 1, lambda _: delivering.serve(claimed, clock=lambda: NOW))
            within(10, somebody_waits)
            assert services.resume_subscription(subscription_id=pk, actor=STAFF, now=NOW)
        assert served.result() == [1]

    assert Delivery.objects.get().state == State.DELIVERED
    assert Subscription.objects.get().paused_at is None


def test_however_many_wait_no_statement_ends_or_renews_them_all(
    subscribed: NewSubscription, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the limit on statements would cut one that does: in thousands, and here two at a time."""
    monkeypatch.setattr(services, "DELIVERIES_PER_STATEMENT", 2)
    monkeypatch.setattr(delivering, "GIVEN_UP_AT_ONCE", 2)
    pk, later = subscribed.subscription.pk, NOW + timedelta(days=40)
    for _ in range(5):
        services.send_test(subscription_id=pk, now=NOW)
    Delivery.objects.update(attempts=3)
    services.pause_subscription(subscription_id=pk, actor=STAFF, now=NOW)

    with CaptureQueriesContext(connection) as queries:
        assert services.resume_subscription(subscription_id=pk, actor=STAFF, now=later)

    renewals = [each for each in queries if each["sql"].startswith('UPDATE "webhooks_delivery"')]
    assert len(renewals) == 3
    assert set(Delivery.objects.values_list("attempts", "waiting_since")) == {(0, later)}
    Subscription.objects.update(is_active=False)
    assert [delivering.give_up_for_inactive(now=later) for _ in range(4)] == [2, 2, 1, 0]


def test_a_resumption_that_is_cut_off_leaves_the_pause(
    subscribed: NewSubscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "DELIVERIES_PER_STATEMENT", 1)
    pk, later = subscribed.subscription.pk, NOW + timedelta(days=2)
    for _ in range(2):
        services.send_test(subscription_id=pk, now=NOW)
    services.pause_subscription(subscription_id=pk, actor=STAFF, now=NOW)
    last = Delivery.objects.latest("pk")

    with closing(another_connection()) as session, session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM webhooks_delivery WHERE id = %s FOR UPDATE", [last.pk])
        with connection.cursor() as ours:
            ours.execute("SET lock_timeout = '50ms'")
            with pytest.raises(OperationalError):
                services.resume_subscription(subscription_id=pk, actor=STAFF, now=later)
            ours.execute("RESET lock_timeout")
        session.rollback()

    assert Subscription.objects.get().paused_at == NOW
    assert services.resume_subscription(subscription_id=pk, actor=STAFF, now=later)
    assert set(Delivery.objects.values_list("waiting_since")) == {(later,)}

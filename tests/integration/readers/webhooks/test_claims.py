"""A subscription …"""

from collections.abc import Callable

import pytest
from django.db import connection

from checks.models import Check
from readers.webhooks import delivering, selectors, services
from readers.webhooks.models import Subscription
from readers.webhooks.services import NewSubscription
from tests.conftest import NOW
from tests.integration.readers.webhooks.conftest import Days
from tests.support.helpers import in_threads
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., list[Check]]


def test_it_is_sent_for_by_one_worker_at_a_time(
    subscribed: NewSubscription, receiver: Receiver, days: Days
) -> None:
    services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)

    claims = [each for each in in_threads(4, lambda _: delivering.claim(now=days.now)) if each]

    assert len(claims) == 1
    stalled = claims[0]
    days.wait(seconds=61)
    assert days.work() == 1
    services.send_test(subscription_id=subscribed.subscription.pk, now=days.now)
    other = delivering.claim(now=days.now)
    assert other is not None
    delivering.serve(
        stalled, clock=lambda: days.now
    )  # it comes to itself, and lets go of nothing but its own
    assert Subscription.objects.get().claimed_until == other.claimed_until


def test_its_due_deliveries_are_found_by_an_index(subscribed: NewSubscription, days: Days) -> None:
    """At 20,000 deliveries that have ended or must wait, and a few that are due."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [subscribed.subscription.pk])
        cursor.execute("ANALYZE webhooks_delivery")
    due = selectors.due(NOW).filter(subscription=subscribed.subscription)

    plan = due.order_by("next_attempt_at", "id")[:8].explain()

    assert "webhooks_delivery_due" in plan
    assert "Seq Scan" not in plan
    assert len(due) == 20


FILL = """
    INSERT INTO webhooks_delivery (subscription_id, event_uid, type, check_id, order_id, version, body,
                                  waiting_since, state, attempts, next_attempt_at, last_error, ended_at)
    SELECT %s, md5(n::text)::uuid, 'failed', n, n, 2, '{}', '2026-01-15',
           CASE WHEN n %% 10 = 0 THEN 'pending' ELSE 'delivered' END, 1,
           CASE WHEN n %% 10 = 0 THEN timestamptz '2026-01-15 12:00+00' + (n - 200) * interval '1 hour' END,
           '',
           CASE WHEN n %% 10 <> 0 THEN timestamptz '2026-01-15' END
    FROM generate_series(1, 20000) n
"""

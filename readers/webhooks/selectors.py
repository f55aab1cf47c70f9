"""Queries on subscriptions and deliveries."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.secrets import signing_key

# Counts stop here: an alarm does not need to know more.
CAP = 10_000


class Totals(NamedTuple):
    """Attempts since the beginning, and active subscriptions by state."""

    delivered: int
    failed: int
    working: int
    failing: int
    paused: int


def active_subscriptions() -> QuerySet[Subscription]:
    """Return the subscriptions for which deliveries are written, on pause or not."""
    return Subscription.objects.filter(is_active=True, order_system__is_active=True)


def inactive_subscriptions() -> QuerySet[Subscription]:
    """Return the subscriptions for which nothing is written or sent."""
    return Subscription.objects.exclude(is_active=True, order_system__is_active=True)


def due(now: datetime) -> QuerySet[Delivery]:
    """Return deliveries that are due and are the first pending one of their check and subscription."""
    earlier = Delivery.objects.filter(
        subscription=OuterRef("subscription"),
        check_id=OuterRef("check_id"),
        version__lt=OuterRef("version"),
        state=State.PENDING,
    )
    return Delivery.objects.filter(~Exists(earlier), state=State.PENDING, next_attempt_at__lte=now)


def unclaimed(now: datetime) -> QuerySet[Subscription]:
    """Return subscriptions with due deliveries that no worker serves, the longest unserved first."""
    waiting = due(now).filter(subscription=OuterRef("pk"))
    return (
        active_subscriptions()
        .filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            Q(rests_until__isnull=True) | Q(rests_until__lte=now),
            Exists(waiting),
            paused_at__isnull=True,
        )
        .order_by(F("claimed_at").asc(nulls_first=True), "id")
    )


def signing_keys(subscription_id: int, *, now: datetime) -> list[bytes]:
    """Return the secrets that are valid now, the newest first. Empty if they can no longer be derived."""
    valid = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    secrets = Subscription(pk=subscription_id).secrets.filter(valid).order_by("-id")
    keys = (signing_key(salt=bytes(each.salt), digest=bytes(each.digest)) for each in secrets)
    return [key for key in keys if key is not None]


def oldest_pending() -> datetime | None:
    """Return since when the oldest pending delivery has been waiting, on pause or not."""
    oldest: datetime | None = Delivery.objects.filter(state=State.PENDING).aggregate(at=Min("waiting_since"))[
        "at"
    ]
    return oldest


def count_of(state: State) -> int:
    """Return how many deliveries are in this state, at most CAP. Not for delivered ones."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT[state], [CAP])
        return int(cursor.fetchone()[0])


# The states are literals: PostgreSQL does not match a parameter with the condition of an index.
COUNT = {
    State.PENDING: """
        SELECT count(*) FROM (SELECT 1 FROM webhooks_delivery WHERE state = 'pending' LIMIT %s) AS capped
    """,
    State.GIVEN_UP: """
        SELECT count(*) FROM (SELECT 1 FROM webhooks_delivery WHERE state = 'given_up' LIMIT %s) AS capped
    """,
}


def totals() -> Totals:
    """Add up the counters of all subscriptions, of which there are few. One query."""
    active = Q(is_active=True)
    failing = Q(paused_at__isnull=True, failing_since__isnull=False)
    sums = Subscription.objects.aggregate(
        delivered=Sum("delivered_count", default=0),
        failed=Sum("failed_count", default=0),
        working=Count("pk", filter=active & Q(paused_at__isnull=True, failing_since__isnull=True)),
        failing=Count("pk", filter=active & failing),
        paused=Count("pk", filter=active & Q(paused_at__isnull=False)),
    )
    return Totals(**sums)

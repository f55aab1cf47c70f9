"""What is read of subscriptions and notices."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from readers.webhooks.models import Delivery, State, Subscription
from readers.webhooks.secrets import signing_key

# A count ends here; an alarm does not need to know more.
CAP = 10_000


class Totals(NamedTuple):
    """Attempts since the beginning, and the subscriptions by how they do."""

    delivered: int
    failed: int
    well: int
    failing: int
    paused: int


def active_subscriptions() -> QuerySet[Subscription]:
    """Subscriptions for which notices are written, on pause or not."""
    return Subscription.objects.filter(is_active=True, order_system__is_active=True)


def inactive_subscriptions() -> QuerySet[Subscription]:
    """Subscriptions for which nothing is written or sent."""
    return Subscription.objects.exclude(is_active=True, order_system__is_active=True)


def due(now: datetime) -> QuerySet[Delivery]:
    """Notices whose time has come and before which no other of their check and subscription is pending."""
    earlier = Delivery.objects.filter(
        subscription=OuterRef("subscription"),
        check_id=OuterRef("check_id"),
        version__lt=OuterRef("version"),
        state=State.PENDING,
    )
    return Delivery.objects.filter(~Exists(earlier), state=State.PENDING, next_attempt_at__lte=now)


def unclaimed(now: datetime) -> QuerySet[Subscription]:
    """Subscriptions with a due notice that nobody is sending for, the one first that has waited longest."""
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
    """Return the secrets that are valid now, the newest first; none when they cannot be derived any more."""
    valid = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    secrets = Subscription(pk=subscription_id).secrets.filter(valid).order_by("-id")
    keys = (signing_key(salt=bytes(each.salt), digest=bytes(each.digest)) for each in secrets)
    return [key for key in keys if key is not None]


def oldest_pending() -> datetime | None:
    """Return since when the oldest notice waits, those on pause among them."""
    oldest: datetime | None = Delivery.objects.filter(state=State.PENDING).aggregate(at=Min("waiting_since"))[
        "at"
    ]
    return oldest


def count_of(state: State) -> int:
    """Return how many notices are in this state, at most CAP; not for delivered."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT[state], [CAP])
        return int(cursor.fetchone()[0])


# The states are written out: a parameter could not be matched with the condition of an index.
COUNT = {
    State.PENDING: """
        SELECT count(*) FROM (SELECT 1 FROM webhooks_delivery WHERE state = 'pending' LIMIT %s) AS capped
    """,
    State.GIVEN_UP: """
        SELECT count(*) FROM (SELECT 1 FROM webhooks_delivery WHERE state = 'given_up' LIMIT %s) AS capped
    """,
}


def totals() -> Totals:
    """Add up what the subscriptions tell, of which there are few. One query."""
    active = Q(is_active=True)
    failing = Q(paused_at__isnull=True, failing_since__isnull=False)
    sums = Subscription.objects.aggregate(
        delivered=Sum("delivered_count", default=0),
        failed=Sum("failed_count", default=0),
        well=Count("pk", filter=active & Q(paused_at__isnull=True, failing_since__isnull=True)),
        failing=Count("pk", filter=active & failing),
        paused=Count("pk", filter=active & Q(paused_at__isnull=False)),
    )
    return Totals(**sums)

"""What people do with subscriptions and deliveries."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction

from events.feed.reading import last_settled
from foundation.attribution import attribute
from foundation.context import Actor
from foundation.errors import ForFarError, gettext_noop
from order_systems.models import OrderSystem
from readers.webhooks import follower, payload, secrets
from readers.webhooks.models import Delivery, PauseReason, Secret, State, Subscription

OVERLAP = timedelta(days=1)  # after a rotation, both secrets sign for this long
KEPT_DELIVERED = timedelta(days=30)
KEPT_GIVEN_UP = timedelta(days=90)
DELIVERIES_PER_STATEMENT = 5000  # there may be a million, and each statement must be short
TEST = "test"
# After a change of address or a resume, earlier failures no longer count.
FRESH = {"failures_in_a_row": 0, "failing_since": None, "rests_until": None}


class SubscriptionNotFoundError(ForFarError):
    code = "subscription_not_found"
    message = gettext_noop("There is no such subscription.")


class SubscriptionInactiveError(ForFarError):
    code = "subscription_inactive"
    message = gettext_noop("The subscription is not active, so nothing is sent to it.")


class NewSubscription(NamedTuple):
    """A subscription, and its secret, which can only be shown now."""

    subscription: Subscription
    secret: str


@transaction.atomic
def create_subscription(
    *, order_system: OrderSystem, address: str, actor: Actor, now: datetime, is_active: bool = True
) -> NewSubscription:
    """Subscribe an address to prints and failures from now on. The caller has to show the secret."""
    start = last_settled(follower.position())
    subscription = Subscription(
        order_system=order_system,
        address=address,
        is_active=is_active,
        created_at=now,
        starts_after_tx_id=start.tx_id,
        starts_after_id=start.id,
    )
    attribute(subscription, reason="created", actor=actor)
    subscription.save()
    return NewSubscription(subscription, _add_secret(subscription, now))


@transaction.atomic
def change_subscription(*, subscription: Subscription, actor: Actor) -> None:
    """Save the address and whether the subscription is active. Earlier failures no longer count."""
    attribute(subscription, reason="changed", actor=actor)
    subscription.save(update_fields=["address", "is_active"])
    Subscription.objects.filter(pk=subscription.pk).update(**FRESH)


def rotate_secret(*, subscription_id: int, keep_old: bool, actor: Actor, now: datetime) -> str:
    """Make a new secret and return it. It cannot be shown again.

    The old secret also signs for another day if `keep_old`. A subscription that is on pause because it had no
    secret is resumed.
    """
    if Subscription.objects.filter(pk=subscription_id, pause_reason=PauseReason.NO_SECRET).exists():
        _give_another_day(subscription_id, now)
    return _rotate(subscription_id, keep_old, actor, now)


@transaction.atomic
def _rotate(subscription_id: int, keep_old: bool, actor: Actor, now: datetime) -> str:
    subscription = _locked(subscription_id)
    ends = now + OVERLAP if keep_old else now
    subscription.secrets.filter(expires_at__isnull=True).update(expires_at=ends)
    if not keep_old:
        subscription.secrets.filter(expires_at__gt=now).update(expires_at=now)
    reason = "new secret" if keep_old else "new secret, old one revoked"
    attribute(subscription, reason=reason, actor=actor)
    subscription.save(update_fields=["address"])
    if subscription.pause_reason == PauseReason.NO_SECRET:
        _resume(subscription, actor)
    return _add_secret(subscription, now)


@transaction.atomic
def pause_subscription(*, subscription_id: int, actor: Actor, now: datetime) -> bool:
    """Stop sending until it is resumed. Deliveries are still written. Returns False if it was on pause."""
    subscription = _locked(subscription_id)
    if subscription.paused_at is not None:
        return False
    subscription.paused_at, subscription.pause_reason = now, PauseReason.BY_HAND
    attribute(subscription, reason="paused", actor=actor)
    subscription.save(update_fields=["paused_at", "pause_reason"])
    return True


def resume_subscription(*, subscription_id: int, actor: Actor, now: datetime) -> bool:
    """Send what was kept, and give every delivery another day. Returns False if there was no pause.

    The deliveries come first, a few thousand per transaction. If this is interrupted, the pause remains.
    """
    if Subscription.objects.filter(pk=subscription_id, paused_at__isnull=False).exists():
        _give_another_day(subscription_id, now)
    with transaction.atomic():
        subscription = _locked(subscription_id)
        if subscription.paused_at is None:
            return False
        _resume(subscription, actor)
    return True


@transaction.atomic
def send_test(*, subscription_id: int, now: datetime) -> Delivery:
    """Add a test webhook to the subscription's deliveries. Raises SubscriptionInactiveError."""
    subscription = _locked(subscription_id)
    if not subscription.is_active:
        raise SubscriptionInactiveError
    uid = uuid4()
    return Delivery.objects.create(
        subscription=subscription,
        event_uid=uid,
        type=TEST,
        body=payload.as_json(TEST, now, {"event_id": str(uid)}),
        waiting_since=now,
        next_attempt_at=now,
    )


def deliver_again(*, delivery_ids: Iterable[int], now: datetime) -> int:
    """Send deliveries that have ended once more, with the same id; return how many."""
    ended = Delivery.objects.filter(
        pk__in=list(delivery_ids), subscription__is_active=True, ended_at__isnull=False
    )
    return ended.update(
        state=State.PENDING, attempts=0, waiting_since=now, next_attempt_at=now, ended_at=None
    )


def remove_old_deliveries(*, now: datetime) -> int:
    """Remove deliveries that ended long ago, a few thousand per statement; return how many."""
    removed = 0
    for state, kept in ((State.DELIVERED, KEPT_DELIVERED), (State.GIVEN_UP, KEPT_GIVEN_UP)):
        old = Delivery.objects.filter(state=state, ended_at__lt=now - kept).order_by("ended_at")
        while ids := list(old.values_list("pk", flat=True)[:DELIVERIES_PER_STATEMENT]):
            # Only if they are still old: staff may have sent one again meanwhile.
            removed += old.filter(pk__in=ids).delete()[0]
    return removed


def _locked(subscription_id: int) -> Subscription:
    found = Subscription.objects.select_for_update(no_key=True).filter(pk=subscription_id).first()
    if found is None:
        raise SubscriptionNotFoundError
    return found


def _resume(subscription: Subscription, actor: Actor) -> None:
    subscription.paused_at, subscription.pause_reason = None, ""
    attribute(subscription, reason="resumed", actor=actor)
    subscription.save(update_fields=["paused_at", "pause_reason"])
    Subscription.objects.filter(pk=subscription.pk).update(**FRESH)


def _give_another_day(subscription_id: int, now: datetime) -> None:
    pending = Delivery.objects.filter(subscription=subscription_id, state=State.PENDING)
    ids = list(pending.values_list("pk", flat=True))
    for begin in range(0, len(ids), DELIVERIES_PER_STATEMENT):
        with transaction.atomic():
            _locked(subscription_id)  # before its deliveries, as when attempts are recorded
            some = pending.filter(pk__in=ids[begin : begin + DELIVERIES_PER_STATEMENT])
            some.update(attempts=0, waiting_since=now, next_attempt_at=now)


def _add_secret(subscription: Subscription, now: datetime) -> str:
    made = secrets.new_secret()
    Secret.objects.create(subscription=subscription, salt=made.salt, digest=made.digest, created_at=now)
    return made.shown

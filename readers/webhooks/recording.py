"""Records the outcome of attempts: on each delivery, and on its subscription."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from readers.webhooks import pauses
from readers.webhooks.http import GONE, Outcome
from readers.webhooks.models import Delivery, PauseReason, State, Subscription

PAUSE_AFTER = timedelta(days=1)
# A delivery is only given up if others got through lately. Otherwise the receiver is at fault.
OTHERS_GET_THROUGH = timedelta(hours=12)
# Fields that attempts write, and fields that people write.
OBSERVED = (
    "last_success_at",
    "failing_since",
    "failures_in_a_row",
    "rests_until",
    "last_failure_at",
    "last_error",
)
SET_BY_PEOPLE = ("address", "is_active", "paused_at", "pause_reason")


class Sent(NamedTuple):
    """A delivery and the outcome of the attempt."""

    delivery: Delivery
    outcome: Outcome


def save_state(subscription: Subscription, *fields: str) -> None:
    """Write fields that the history does not record."""
    values = {name: getattr(subscription, name) for name in fields}
    Subscription.objects.filter(pk=subscription.pk).update(**values)


def pause(subscription: Subscription, reason: PauseReason, *, now: datetime) -> None:
    """Stop sending until a person resumes the subscription. Deliveries are still written."""
    subscription.paused_at, subscription.pause_reason = now, reason
    subscription._change_reason = f"paused: {reason}"
    subscription.save(update_fields=["paused_at", "pause_reason"])


@transaction.atomic
def record(sent: Sequence[Sent], subscription: Subscription, *, now: datetime) -> None:
    """Record a round of attempts, on each delivery and on the subscription.

    1. Lock the subscription before its deliveries, as the services do, and reload what people have changed.
    2. Record each attempt.
    3. Record how the receiver is doing, unless its address has been changed meanwhile.
    """
    address = subscription.address
    locked = Subscription.objects.select_for_update(no_key=True)
    subscription.refresh_from_db(fields=[*OBSERVED, *SET_BY_PEOPLE], from_queryset=locked)
    for each in sent:
        _record_attempt(each, subscription, now)
    delivered = sum(each.outcome.is_success for each in sent)
    if subscription.address == address:
        _note(sent, subscription, now, delivered)
    Subscription.objects.filter(pk=subscription.pk).update(
        delivered_count=F("delivered_count") + delivered,
        failed_count=F("failed_count") + len(sent) - delivered,
    )


def _note(sent: Sequence[Sent], subscription: Subscription, now: datetime, delivered: int) -> None:
    if delivered:
        if subscription.failures_in_a_row >= pauses.FAILURES_BEFORE_REST:
            _retry_now(subscription, now)
        subscription.last_success_at, subscription.failing_since = now, None
        subscription.failures_in_a_row, subscription.rests_until = 0, None
    if delivered < len(sent):
        _note_failure(subscription, [each.outcome for each in sent], now, nothing_got_through=not delivered)
    save_state(subscription, *OBSERVED)


def _record_attempt(sent: Sent, subscription: Subscription, now: datetime) -> None:
    delivery, outcome = sent
    values: dict[str, Any] = {
        "attempts": delivery.attempts + 1,
        "last_attempt_at": now,
        "last_status": outcome.status,
        "last_error": outcome.error,
    }
    if outcome.is_success:
        values |= _ended(State.DELIVERED, now)
    elif _is_hopeless(delivery, subscription, now):
        values |= _ended(State.GIVEN_UP, now)
    else:
        values["next_attempt_at"] = pauses.next_attempt_at(now=now, attempts=delivery.attempts + 1)
    Delivery.objects.filter(pk=delivery.pk, state=State.PENDING).update(**values)


def _ended(state: State, now: datetime) -> dict[str, Any]:
    return {"state": state, "next_attempt_at": None, "ended_at": now}


def _is_hopeless(delivery: Delivery, subscription: Subscription, now: datetime) -> bool:
    """Tell whether a delivery has failed for a day while others got through."""
    last = subscription.last_success_at
    others_get_through = last is not None and now - last < OTHERS_GET_THROUGH
    waited = now - delivery.waiting_since
    return others_get_through and pauses.had_its_day(waited=waited, attempts=delivery.attempts + 1)


def _retry_now(subscription: Subscription, now: datetime) -> None:
    """Make everything due that failed while the receiver was away, whatever its pause."""
    failed = Delivery.objects.filter(subscription=subscription, state=State.PENDING, attempts__gt=0)
    failed.update(attempts=0, next_attempt_at=now)


def _note_failure(
    subscription: Subscription, outcomes: Sequence[Outcome], now: datetime, *, nothing_got_through: bool
) -> None:
    """Note the failure. If nothing got through, leave the receiver alone for a while."""
    subscription.last_failure_at = now
    subscription.last_error = next(each.error for each in reversed(outcomes) if each.error)
    if any(each.status == GONE for each in outcomes):
        subscription.is_active = False
        subscription._change_reason = "the receiver answered 410 Gone"
        subscription.save(update_fields=["is_active"])
        return
    if not nothing_got_through:
        return
    subscription.failures_in_a_row += 1
    subscription.failing_since = subscription.failing_since or now
    subscription.rests_until = pauses.rest_until(now=now, failures=subscription.failures_in_a_row)
    if now - subscription.failing_since >= PAUSE_AFTER and subscription.paused_at is None:
        pause(subscription, PauseReason.FAILING, now=now)

"""What an attempt makes of a notice and of its subscription."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from readers.webhooks import pauses
from readers.webhooks.http import GONE, Outcome
from readers.webhooks.models import Delivery, PauseReason, State, Subscription

PAUSE_AFTER = timedelta(days=1)
# A notice is given up by itself only where others got through lately; else the receiver is at fault.
OTHERS_GET_THROUGH = timedelta(hours=12)
# What is known of the receiver, and what people say of the subscription.
KNOWN = (
    "last_success_at",
    "failing_since",
    "failures_in_a_row",
    "rests_until",
    "last_failure_at",
    "last_error",
)
SAID = ("address", "is_active", "paused_at", "pause_reason")


class Sent(NamedTuple):
    """A notice and what came of the attempt."""

    delivery: Delivery
    outcome: Outcome


def save_state(subscription: Subscription, *fields: str) -> None:
    """Write fields of which the history keeps nothing."""
    values = {name: getattr(subscription, name) for name in fields}
    Subscription.objects.filter(pk=subscription.pk).update(**values)


def pause(subscription: Subscription, reason: PauseReason, *, now: datetime) -> None:
    """Send nothing more until a person has looked; notices go on being kept."""
    subscription.paused_at, subscription.pause_reason = now, reason
    subscription._change_reason = f"paused: {reason}"
    subscription.save(update_fields=["paused_at", "pause_reason"])


@transaction.atomic
def record(sent: Sequence[Sent], subscription: Subscription, *, now: datetime) -> None:
    """Record a round of attempts: on each notice, and on what is known of the receiver.

    1. Lock the subscription before its notices, as people's commands do, and read what these have made of it.
    2. Record each attempt.
    3. Note how the receiver does, unless its address is another one by now.
    """
    address = subscription.address
    locked = Subscription.objects.select_for_update(no_key=True)
    subscription.refresh_from_db(fields=[*KNOWN, *SAID], from_queryset=locked)
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
            _came_back(subscription, now)
        subscription.last_success_at, subscription.failing_since = now, None
        subscription.failures_in_a_row, subscription.rests_until = 0, None
    if delivered < len(sent):
        _note_failure(subscription, [each.outcome for each in sent], now, is_whole=not delivered)
    save_state(subscription, *KNOWN)


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
    """Tell whether a notice has failed for a day while others got through."""
    last = subscription.last_success_at
    others_get_through = last is not None and now - last < OTHERS_GET_THROUGH
    waited = now - delivery.waiting_since
    return others_get_through and pauses.had_its_day(waited=waited, attempts=delivery.attempts + 1)


def _came_back(subscription: Subscription, now: datetime) -> None:
    """Send what failed while the receiver was away now, and not when its pause is over."""
    failed = Delivery.objects.filter(subscription=subscription, state=State.PENDING, attempts__gt=0)
    failed.update(attempts=0, next_attempt_at=now)


def _note_failure(
    subscription: Subscription, outcomes: Sequence[Outcome], now: datetime, *, is_whole: bool
) -> None:
    """Note what failed; where nothing got through, leave the receiver alone for a while."""
    subscription.last_failure_at = now
    subscription.last_error = next(each.error for each in reversed(outcomes) if each.error)
    if any(each.status == GONE for each in outcomes):
        subscription.is_active = False
        subscription._change_reason = "the receiver answered 410 Gone"
        subscription.save(update_fields=["is_active"])
        return
    if not is_whole:
        return
    subscription.failures_in_a_row += 1
    subscription.failing_since = subscription.failing_since or now
    subscription.rests_until = pauses.rest_until(now=now, failures=subscription.failures_in_a_row)
    if now - subscription.failing_since >= PAUSE_AFTER and subscription.paused_at is None:
        pause(subscription, PauseReason.FAILING, now=now)

"""Sends the deliveries that are due.

One worker at a time serves a subscription and sends several deliveries in parallel, each of another check.
PostgreSQL knows what is due; RQ only wakes workers up. A worker claims a subscription for a limited time. If
the worker is killed, its deliveries stay pending, the claim expires, and another worker sends them again.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction

from readers.webhooks import pauses, selectors, signing
from readers.webhooks.http import Outcome, post
from readers.webhooks.models import Delivery, PauseReason, State, Subscription
from readers.webhooks.recording import Sent, pause, record, save_state

logger = logging.getLogger(__name__)

DELIVERIES_AT_ONCE = 8
TURN = timedelta(seconds=10)  # then another subscription is served
CLAIM = timedelta(seconds=60)  # longer than one round of attempts
USER_AGENT = "ForFar-Webhooks/1"
INACTIVE = "inactive"
GIVEN_UP_AT_ONCE = 5000  # there may be a million, and other subscriptions wait meanwhile

Clock = Callable[[], datetime]


def claim(*, now: datetime) -> Subscription | None:
    """Claim the subscription whose due deliveries have waited longest for a worker, if there is one."""
    with transaction.atomic():
        chosen = (
            selectors.unclaimed(now).select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        )
        if chosen is not None:
            chosen.claimed_at, chosen.claimed_until = now, now + CLAIM
            save_state(chosen, "claimed_at", "claimed_until")
    return chosen


def serve(subscription: Subscription, *, clock: Clock) -> int:
    """Send a claimed subscription's due deliveries for one turn, then release it. Returns the attempts."""
    attempts = 0
    began = clock()
    try:
        with ThreadPoolExecutor(DELIVERIES_AT_ONCE, thread_name_prefix="webhook") as threads:
            while sent := _send_round(subscription, threads, clock):
                attempts += sent
                if clock() - began >= TURN or not _extend(subscription, now=clock()):
                    break
    finally:
        Subscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until).update(
            claimed_until=None
        )
    return attempts


def give_up_for_inactive(*, now: datetime) -> int:
    """Give up pending deliveries of inactive subscriptions, a few thousand per call; return how many."""
    inactive = list(selectors.inactive_subscriptions().values_list("pk", flat=True))
    if not inactive:
        return 0
    pending = Delivery.objects.filter(state=State.PENDING, subscription__in=inactive)
    some = list(pending.values_list("pk", flat=True)[:GIVEN_UP_AT_ONCE])
    return pending.filter(pk__in=some).update(
        state=State.GIVEN_UP, next_attempt_at=None, ended_at=now, last_error=INACTIVE
    )


def _send_round(subscription: Subscription, threads: ThreadPoolExecutor, clock: Clock) -> int:
    """Send the next few deliveries in parallel, each of another check, and record the outcomes."""
    now = clock()
    if not subscription.is_active or subscription.paused_at or _is_resting(subscription, now):
        return 0
    # A receiver that has failed several times in a row gets one delivery, to see whether it works again.
    is_failing = subscription.failures_in_a_row >= pauses.FAILURES_BEFORE_REST
    due = selectors.due(now).filter(subscription=subscription).order_by("next_attempt_at", "id")
    deliveries = list(due[: 1 if is_failing else DELIVERIES_AT_ONCE])
    if not deliveries:
        return 0
    keys = selectors.signing_keys(subscription.pk, now=now)
    if not keys:
        pause(subscription, PauseReason.NO_SECRET, now=now)
        return 0
    outcomes = threads.map(lambda each: _attempt(subscription.address, each, keys, now), deliveries)
    record([Sent(*pair) for pair in zip(deliveries, list(outcomes), strict=True)], subscription, now=clock())
    return len(deliveries)


def _is_resting(subscription: Subscription, now: datetime) -> bool:
    return subscription.rests_until is not None and subscription.rests_until > now


def _extend(subscription: Subscription, *, now: datetime) -> bool:
    """Extend the claim and reload the subscription. Returns False if the claim is no longer ours."""
    held = Subscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until)
    if not held.update(claimed_until=now + CLAIM):
        return False
    subscription.refresh_from_db()
    return True


def _attempt(address: str, delivery: Delivery, keys: Sequence[bytes], now: datetime) -> Outcome:
    """Send one delivery. Runs in a thread, so nothing here may touch the database."""
    body = delivery.body.encode()
    signature = signing.headers(keys=keys, webhook_id=str(delivery.event_uid), sent_at=now, body=body)
    outcome = post(address, {"Content-Type": "application/json", "User-Agent": USER_AGENT, **signature}, body)
    if not outcome.is_success:
        logger.warning("Delivery %s: %s %s", delivery.pk, outcome.error, outcome.status or "")
    return outcome

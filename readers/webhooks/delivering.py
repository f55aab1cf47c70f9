"""Sends what is due. One worker at a time sends for a subscription, many of its checks side by side.

What is due stands in PostgreSQL; RQ only wakes workers up. A claim lasts for a while: a worker that is killed
leaves its notice pending and its claim to run out, and the notice is sent again.
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

AT_ONCE = 8
TURN = timedelta(seconds=10)  # then it is another subscription's turn
CLAIM = timedelta(seconds=60)  # more than one round of attempts takes
USER_AGENT = "ForFar-Notices/1"
INACTIVE = "inactive"
GIVEN_UP_AT_ONCE = 5000  # there may be a million, and the others' notices wait meanwhile

Clock = Callable[[], datetime]


def claim(*, now: datetime) -> Subscription | None:
    """Take the subscription that has waited longest for somebody to send its due notices, if there is one."""
    with transaction.atomic():
        chosen = (
            selectors.unclaimed(now).select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        )
        if chosen is not None:
            chosen.claimed_at, chosen.claimed_until = now, now + CLAIM
            save_state(chosen, "claimed_at", "claimed_until")
    return chosen


def serve(subscription: Subscription, *, clock: Clock) -> int:
    """Send a claimed subscription's due notices for one turn, then release it; return how many attempts."""
    attempts = 0
    began = clock()
    try:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notice") as threads:
            while sent := _send_round(subscription, threads, clock):
                attempts += sent
                if clock() - began >= TURN or not _extend(subscription, now=clock()):
                    break
    finally:
        Subscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until).update(
            claimed_until=None
        )
    return attempts


def give_up_of_inactive(*, now: datetime) -> int:
    """End some thousand notices of subscriptions that were made inactive; return how many they were."""
    inactive = list(selectors.inactive_subscriptions().values_list("pk", flat=True))
    if not inactive:
        return 0
    pending = Delivery.objects.filter(state=State.PENDING, subscription__in=inactive)
    some = list(pending.values_list("pk", flat=True)[:GIVEN_UP_AT_ONCE])
    return pending.filter(pk__in=some).update(
        state=State.GIVEN_UP, next_attempt_at=None, ended_at=now, last_error=INACTIVE
    )


def _send_round(subscription: Subscription, threads: ThreadPoolExecutor, clock: Clock) -> int:
    """Send the next few notices at once, each of another check, and record what came of them."""
    now = clock()
    if not subscription.is_active or subscription.paused_at or _rests(subscription, now):
        return 0
    # One that has failed several times in a row gets one attempt to show that it is well again.
    at_once = 1 if subscription.failures_in_a_row >= pauses.FAILURES_BEFORE_REST else AT_ONCE
    due = selectors.due(now).filter(subscription=subscription).order_by("next_attempt_at", "id")
    deliveries = list(due[:at_once])
    if not deliveries:
        return 0
    keys = selectors.signing_keys(subscription.pk, now=now)
    if not keys:
        pause(subscription, PauseReason.NO_SECRET, now=now)
        return 0
    outcomes = threads.map(lambda each: _attempt(subscription.address, each, keys, now), deliveries)
    record([Sent(*pair) for pair in zip(deliveries, list(outcomes), strict=True)], subscription, now=clock())
    return len(deliveries)


def _rests(subscription: Subscription, now: datetime) -> bool:
    return subscription.rests_until is not None and subscription.rests_until > now


def _extend(subscription: Subscription, *, now: datetime) -> bool:
    """Hold on to the claim; say whether it was still ours, and read what has become of the subscription."""
    held = Subscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until)
    if not held.update(claimed_until=now + CLAIM):
        return False
    subscription.refresh_from_db()
    return True


def _attempt(address: str, delivery: Delivery, keys: Sequence[bytes], now: datetime) -> Outcome:
    """Send one notice; in a thread, so that nothing here touches the database."""
    body = delivery.body.encode()
    signature = signing.headers(keys=keys, notice_id=str(delivery.event_uid), sent_at=now, body=body)
    outcome = post(address, {"Content-Type": "application/json", "User-Agent": USER_AGENT, **signature}, body)
    if not outcome.is_success:
        logger.warning("Notice %s: %s %s", delivery.pk, outcome.error, outcome.status or "")
    return outcome

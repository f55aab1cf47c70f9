"""Follows the never-skipping feed and writes a notice for every subscription that an event concerns.

The notices of a stretch and the position behind it are written by one transaction: a crash at any point loses
no notice and writes none twice. What is sent, and when, is another matter: `readers.webhooks.delivering`.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from events.feed.horizon import require_adopted
from events.feed.reading import Position, feed, position_of
from events.log.registry import registry
from events.models import Event
from readers.webhooks import selectors
from readers.webhooks.models import Delivery, FollowerPosition, Subscription
from readers.webhooks.payload import TOLD, body_of

logger = logging.getLogger(__name__)

BATCH = 1000
BATCHES = 20  # a second or two of a worker's time
ORDER_SYSTEM = "order_system:"


class Origin(NamedTuple):
    """Where a check comes from: the order system that ordered it, and what its first event says."""

    order_system_id: int
    created: Any


def catch_up(*, now: datetime, batches: int = BATCHES) -> int:
    """Write the notices of what has settled since the last time; return how many events were read."""
    read = 0
    for _ in range(batches):
        events = follow_batch(now=now)
        read += events
        if events < BATCH:
            break
    return read


def follow_batch(*, now: datetime) -> int:
    """Follow one batch of the feed, and return its size; 0 also where somebody else was faster.

    1. Read the position and the events behind it, in no transaction: nothing is held meanwhile. Events from
       before any subscription are passed over unread.
    2. Read the subscriptions, after the events: one made later than that wants none of these.
    3. Move the position if it is still where it was, and write the notices, in one transaction.
    """
    before = selectors.position()
    after = max(before, _first_wanted(before))
    events = feed(after=after, limit=BATCH)
    end = position_of(events[-1]) if events else after
    if end == before:
        return 0
    deliveries = list(_deliveries(events, now))
    with transaction.atomic():
        if not _move(before, end):
            return 0
        # Whatever is there already came from a position that was set back.
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(events)


def _first_wanted(before: Position) -> Position:
    """Return the place behind which the first active subscription begins; without any, the feed's end."""
    require_adopted()
    end = selectors.settled_end(before)  # before the subscriptions are read: a new one begins behind it
    starts = selectors.active_subscriptions().values_list("starts_after_tx_id", "starts_after_id")
    return min((Position(*start) for start in starts), default=end)


def _move(before: Position, after: Position) -> bool:
    FollowerPosition.objects.bulk_create([FollowerPosition()], ignore_conflicts=True)
    unmoved = FollowerPosition.objects.filter(tx_id=before.tx_id, event_id=before.id)
    return unmoved.update(tx_id=after.tx_id, event_id=after.id) == 1


def _deliveries(events: Iterable[Event], now: datetime) -> Iterator[Delivery]:
    told = [event for event in events if event.type in TOLD]
    if not told:
        return
    wanting = _by_order_system()
    origins = _origins(event.stream_id for event in told)
    for event in told:
        origin = origins.get(event.stream_id)
        for subscription in wanting.get(origin.order_system_id, []) if origin else []:
            if position_of(event) > (subscription.starts_after_tx_id, subscription.starts_after_id):
                yield _delivery(subscription, event, origin, now)


def _by_order_system() -> dict[int, list[Subscription]]:
    wanting: dict[int, list[Subscription]] = defaultdict(list)
    for subscription in selectors.active_subscriptions():
        wanting[subscription.order_system_id].append(subscription)
    return wanting


def _origins(check_ids: Iterable[int]) -> dict[int, Origin]:
    """Return where these checks come from. Orders that were posted without a token are nobody's."""
    firsts = Event.objects.filter(
        stream_id__in=set(check_ids), version=1, actor__startswith=ORDER_SYSTEM
    ).values_list("stream_id", "actor", "type", "schema_version", "data")
    return {
        check_id: Origin(int(actor.removeprefix(ORDER_SYSTEM)), registry.decode(name, schema, data))
        for check_id, actor, name, schema, data in firsts
    }


def _delivery(subscription: Subscription, event: Event, origin: Any, now: datetime) -> Delivery:
    return Delivery(
        subscription=subscription,
        event_uid=event.event_uid,
        type=event.type,
        check_id=event.stream_id,
        order_id=int(origin.created.order_id),
        version=event.version,
        body=body_of(event, origin.created),
        waiting_since=now,
        next_attempt_at=now,
    )

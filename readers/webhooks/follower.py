"""Follows the feed and writes a delivery for each event and each subscription that wants it.

Sending them is another matter: see `readers.webhooks.delivering`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from events.feed.follower import Batch, Follower, read_position
from events.feed.reading import Position, last_settled, position_of
from events.log.registry import registry
from events.models import Event
from readers.webhooks import selectors
from readers.webhooks.models import Delivery, Subscription
from readers.webhooks.payload import DATA_OF, body_of

BATCHES_PER_JOB = 20  # a second or two of a worker's time
ORDER_SYSTEM = "order_system:"


class Origin(NamedTuple):
    """The order system that a check comes from, and the payload of its `created` event."""

    order_system_id: int
    created: Any


class WebhookFollower(Follower[list[Delivery]]):
    """Writes deliveries. Skips events from before the first active subscription without reading them."""

    name = "webhooks"

    def __init__(self, *, now: datetime) -> None:
        self._now = now

    def start(self, position: Position) -> Position:
        end = last_settled(position)  # before the subscriptions are read: a new one starts after it
        starts = selectors.active_subscriptions().values_list("starts_after_tx_id", "starts_after_id")
        return max(position, min((Position(*start) for start in starts), default=end))

    def prepare(self, batch: Batch) -> list[Delivery]:
        """Make the deliveries. The subscriptions are read after the events: later ones want none of these."""
        return list(_deliveries(batch.events, self._now))

    def write(self, prepared: list[Delivery]) -> None:
        # Deliveries that already exist come from a position that was set back.
        Delivery.objects.bulk_create(prepared, ignore_conflicts=True)


def catch_up(*, now: datetime, batches: int = BATCHES_PER_JOB) -> int:
    """Write the deliveries for what has settled, and return the number of events that were read."""
    return WebhookFollower(now=now).catch_up(batches=batches)


def position() -> Position:
    """Return the last event whose deliveries are written."""
    return read_position(WebhookFollower.name)


def _deliveries(events: Iterable[Event], now: datetime) -> Iterator[Delivery]:
    sent = [event for event in events if event.type in DATA_OF]
    if not sent:
        return
    subscriptions = _by_order_system()
    origins = _origins(event.stream_id for event in sent)
    for event in sent:
        origin = origins.get(event.stream_id)
        for subscription in subscriptions.get(origin.order_system_id, []) if origin else []:
            if position_of(event) > (subscription.starts_after_tx_id, subscription.starts_after_id):
                yield _delivery(subscription, event, origin, now)


def _by_order_system() -> dict[int, list[Subscription]]:
    subscriptions: dict[int, list[Subscription]] = defaultdict(list)
    for subscription in selectors.active_subscriptions():
        subscriptions[subscription.order_system_id].append(subscription)
    return subscriptions


def _origins(check_ids: Iterable[int]) -> dict[int, Origin]:
    """Return where these checks come from. Orders that were posted without a token have no origin."""
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

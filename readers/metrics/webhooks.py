"""The metrics of webhooks."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from readers.metrics.selectors import CAP, backlog
from readers.webhooks import follower, selectors
from readers.webhooks.models import State


def webhook_metrics(now: datetime) -> Iterator[Metric]:
    """Yield what is pending, what failed, and how far deliveries are behind the log. Six queries."""
    deliveries = GaugeMetricFamily(
        "forfar_webhooks", f"Deliveries pending and given up, at most {selectors.CAP} each.", labels=["state"]
    )
    for state in (State.PENDING, State.GIVEN_UP):
        deliveries.add_metric([state.value], selectors.count_of(state))
    yield deliveries
    oldest = selectors.oldest_pending()
    yield GaugeMetricFamily(
        "forfar_oldest_webhook_seconds",
        "How long the oldest pending delivery has been waiting.",
        max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
    )
    yield from _of_subscriptions(selectors.totals())
    yield GaugeMetricFamily(
        "forfar_webhooks_behind_events",
        f"Events whose deliveries are not written yet, at most {CAP}.",
        backlog(follower.position()).events,
    )


def _of_subscriptions(totals: selectors.Totals) -> Iterator[Metric]:
    attempts = CounterMetricFamily("forfar_webhook_attempts", "Attempts to deliver.", labels=["outcome"])
    attempts.add_metric(["delivered"], totals.delivered)
    attempts.add_metric(["failed"], totals.failed)
    yield attempts
    subscriptions = GaugeMetricFamily(
        "forfar_webhook_subscriptions", "Active subscriptions by condition.", labels=["state"]
    )
    for state in ("working", "failing", "paused"):
        subscriptions.add_metric([state], getattr(totals, state))
    yield subscriptions

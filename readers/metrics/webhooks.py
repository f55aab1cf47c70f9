"""What Prometheus gets of the notices to order systems."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from readers.metrics.selectors import CAP, backlog
from readers.webhooks import follower
from readers.webhooks import selectors as notices
from readers.webhooks.models import State


def of_notices(now: datetime) -> Iterator[Metric]:
    """Yield what waits, what failed, and how far the notices are behind the log. Six queries."""
    waiting = GaugeMetricFamily(
        "forfar_webhooks", f"Notices pending and given up, at most {notices.CAP} of each.", labels=["state"]
    )
    for state in (State.PENDING, State.GIVEN_UP):
        waiting.add_metric([state.value], notices.count_of(state))
    yield waiting
    oldest = notices.oldest_pending()
    yield GaugeMetricFamily(
        "forfar_oldest_webhook_seconds",
        "How long the oldest pending notice has been waiting.",
        max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
    )
    yield from _of_subscriptions(notices.totals())
    behind = backlog(follower.position())
    yield GaugeMetricFamily(
        "forfar_webhooks_behind_events", f"Events not looked at for notices, at most {CAP}.", behind.events
    )


def _of_subscriptions(totals: notices.Totals) -> Iterator[Metric]:
    attempts = CounterMetricFamily("forfar_webhook_attempts", "Attempts to send notices.", labels=["outcome"])
    attempts.add_metric(["delivered"], totals.delivered)
    attempts.add_metric(["failed"], totals.failed)
    yield attempts
    subscriptions = GaugeMetricFamily(
        "forfar_webhook_subscriptions", "Active subscriptions by how they do.", labels=["state"]
    )
    for state in ("well", "failing", "paused"):
        subscriptions.add_metric([state], getattr(totals, state))
    yield subscriptions

"""What Prometheus gets: counters from the tally, and gauges of the current state."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from rq import Worker

from checks.domain.state import Status
from checks.services import waiting_work
from checks.services.waiting_work import LastSeen
from events.feed.horizon import LogNotAdoptedError, horizon_lag
from events.log.registry import registry
from foundation.jobs.queues import default_queue
from readers.metrics import selectors, tally
from readers.metrics.webhooks import webhook_metrics

logger = logging.getLogger(__name__)


class ServiceCollector(Collector):
    """Counts what is left of the log, within a limit, then reports counters and gauges."""

    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        _catch_up()
        yield from _counters(tally.counts())
        yield from _waiting(now)
        yield from _log(now)
        yield _printers(now)
        yield from webhook_metrics(now)
        yield from _jobs()


def _catch_up() -> None:
    """Count what is left. If the log cannot be read, its lag shows it, and the rest is still reported."""
    try:
        tally.catch_up(batches=tally.BATCHES_PER_SCRAPE)
    except LogNotAdoptedError as error:
        logger.error("The counters do not move: %s", error)


def _counters(counts: dict[tally.Cell, tuple[int, int]]) -> Iterator[Metric]:
    def number(kind: str, first: str) -> int:
        return counts.get(tally.Cell(kind, first), (0, 0))[0]

    events = CounterMetricFamily("forfar_events", "Events in the log.", labels=["type"])
    for name in sorted(registry.names()):
        events.add_metric([name], number(tally.EVENTS, name))
    yield events
    orders, checks = number(tally.ORDERS, ""), number(tally.EVENTS, "created")
    yield CounterMetricFamily("forfar_orders", "Orders taken.", value=orders)
    yield CounterMetricFamily("forfar_checks_created", "Checks created.", value=checks)
    failures = CounterMetricFamily("forfar_failures", "Failures.", labels=["stage", "reason"])
    for cell, (count, _) in sorted(counts.items()):
        if cell.kind == tally.FAILURES:
            failures.add_metric([cell.first, cell.second], count)
    yield failures
    yield _render_seconds(counts)


def _render_seconds(counts: dict[tally.Cell, tuple[int, int]]) -> Metric:
    buckets, cumulated, total_ms = [], 0, 0
    for bound in tally.BUCKETS:
        count, ms = counts.get(tally.Cell(tally.RENDER_SECONDS, bound), (0, 0))
        cumulated, total_ms = cumulated + count, total_ms + ms
        buckets.append((bound, cumulated))
    return HistogramMetricFamily(
        "forfar_render_seconds", "From the order to the PDF.", buckets=buckets, sum_value=total_ms / 1000
    )


def _waiting(now: datetime) -> Iterator[Metric]:
    oldest = GaugeMetricFamily(
        "forfar_oldest_check_seconds", "How long the oldest check has been in a status.", labels=["status"]
    )
    number = GaugeMetricFamily(
        "forfar_open_checks",
        f"Checks in a status that is not the last, at most {selectors.CAP}.",
        labels=["status"],
    )
    for status in (Status.NEW.value, Status.RENDERED.value):
        oldest.add_metric([status], _seconds(waiting_work.oldest_since(status), now))
    for status in (Status.NEW.value, Status.RENDERED.value, Status.FAILED.value):
        number.add_metric([status], waiting_work.count_in_status(status, at_most=selectors.CAP))
    yield oldest
    yield number
    yield GaugeMetricFamily(
        "forfar_awaited_confirmations",
        "Downloaded checks under a lease.",
        waiting_work.count_under_lease(at_most=selectors.CAP),
    )
    yield GaugeMetricFamily(
        "forfar_unconfirmed_checks",
        f"Failed checks that no printer confirmed, among the newest {waiting_work.FAILURES_READ} failed.",
        waiting_work.count_failures().unconfirmed,
    )


def _log(now: datetime) -> Iterator[Metric]:
    backlog = selectors.backlog(tally.position())
    yield GaugeMetricFamily(
        "forfar_feed_lag_events",
        f"Events that are not counted yet, at most {selectors.CAP}.",
        backlog.events,
    )
    yield GaugeMetricFamily(
        "forfar_feed_lag_seconds",
        "Age of the first event that is not counted yet.",
        _seconds(backlog.since, now),
    )
    yield GaugeMetricFamily(
        "forfar_feed_horizon_seconds",
        "Age of the oldest writing transaction, which holds the feed back.",
        horizon_lag().seconds,
    )


def _printers(now: datetime) -> Metric:
    numbers = waiting_work.count_printers(now=now)
    states = {
        "heard": numbers[LastSeen.RECENTLY],
        "silent": numbers[LastSeen.STOPPED] + numbers[LastSeen.GONE],
        "never": numbers[LastSeen.NEVER],
    }
    family = GaugeMetricFamily("forfar_printers", "Printers by when they were last heard.", labels=["state"])
    for state, number in states.items():
        family.add_metric([state], number)
    return family


def _jobs() -> Iterator[Metric]:
    """Yield what Redis knows. If it does not answer, yield only that."""
    jobs = GaugeMetricFamily("forfar_jobs", "Jobs in the queue's registries.", labels=["state"])
    workers = GaugeMetricFamily("forfar_workers", "Workers with a recent heartbeat.")
    try:
        renders = default_queue()
        jobs.add_metric(["queued"], renders.count)
        jobs.add_metric(["started"], renders.started_job_registry.get_job_count(cleanup=False))
        jobs.add_metric(["scheduled"], renders.scheduled_job_registry.get_job_count(cleanup=False))
        jobs.add_metric(["failed"], renders.failed_job_registry.get_job_count(cleanup=False))
        workers.add_metric([], Worker.count(queue=renders))
    except RedisError as error:
        logger.warning("Redis does not answer; the metrics leave its part out: %s", type(error).__name__)
        yield GaugeMetricFamily("forfar_redis_up", "Whether Redis answers.", 0)
        return
    yield GaugeMetricFamily("forfar_redis_up", "Whether Redis answers.", 1)
    yield jobs
    yield workers


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0

"""What runs in RQ's workers. Jobs take ids, and do nothing when somebody was faster."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rq import get_current_job
from rq.exceptions import AbandonedJobError
from rq.job import Job
from rq.timeouts import JobTimeoutException

from checks import abandoned, queue, selectors, services
from checks.rendering.errors import RenderError
from checks.rendering.produce import Rendering, produce
from checks.selectors import CheckToRender, RenderKey
from events.context import Actor, correlation
from forfar.db.outages import is_outage

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)


def render(order_id: int, check_type: str, correlation_id: str) -> None:
    """Render the PDF that the order's checks of this type share, and record the outcome.

    Raises RenderError after a failed attempt, for RQ to retry or to keep among the failed jobs.
    """
    key = RenderKey(order_id, check_type)
    with correlation(UUID(correlation_id)):
        checks = selectors.checks_to_render(key)
        if not any(check.is_waiting for check in checks):
            logger.info("Nothing to render for order %s, %s.", *key)
            return
        started = time.monotonic()
        try:
            _render(key, checks)
        except RenderError as error:
            logger.warning("Rendering order %s, %s, failed: %s %s", *key, error.reason, error.detail)
            ms = round((time.monotonic() - started) * 1000)
            _record_failure(key, reason=error.reason, ms=ms, permanent=error.permanent, job=get_current_job())
            raise


def render_died(job: Job, _connection: Any, error_class: type[Exception], *_details: Any) -> None:
    """Count a rendering whose worker died, which RQ finds out later; other failures are recorded above."""
    if error_class is AbandonedJobError:
        order_id, check_type, correlation_id = job.args
        with correlation(UUID(correlation_id)):
            key = RenderKey(order_id, check_type)
            _record_failure(key, reason="worker_died", ms=0, permanent=False, job=job)


def sweep() -> None:
    """Enqueue and delete what was forgotten, end the leases that ran out; harmless however often it runs."""
    now = timezone.now()
    _each("abandoned jobs", [None], lambda _: abandoned.clean_abandoned())
    _each(
        "lease of check",
        selectors.expired_leases(now=now),
        lambda check_id: services.expire_lease(check_id=check_id, now=now),
    )
    _each("erased PDF", selectors.erased_files(), lambda name: services.delete_erased_file(name=name))
    _each("render", selectors.overdue_renders(now=now, after=OVERDUE).items(), _enqueue_forgotten)


def _render(key: RenderKey, checks: list[CheckToRender]) -> None:
    try:
        rendering: Rendering | None = None
        shared_with = key if len(checks) > 1 else None  # an order never gets another check
        if shared_with is None or selectors.shared_render(key) is None:
            # Of one that waits: an erased one of the same type knows no more whom it was for.
            order = next(check.order for check in checks if check.is_waiting)
            rendering = produce(order_id=key.order_id, check_type=key.check_type, order=order)
        for check in checks:
            if check.is_waiting:
                services.record_render(
                    check_id=check.id,
                    rendering=rendering,
                    shared_with=shared_with,
                    actor=_worker(get_current_job()),
                    now=timezone.now(),
                )
    except Exception as error:
        # Told apart already; and without the database there is nothing to record a failure in.
        if isinstance(error, RenderError) or is_outage(error):
            raise
        logger.exception("Rendering order %s, %s, failed unexpectedly.", *key)
        raise RenderError(reason="internal", permanent=False, detail=type(error).__name__) from error


def _record_failure(key: RenderKey, *, reason: str, ms: int, permanent: bool, job: Job | None) -> None:
    """Record the attempt on every check that waits for it, and let RQ try again only where that may help."""
    worth_another = [
        services.record_render_failure(
            check_id=check_id,
            reason=reason,
            ms=ms,
            permanent=permanent,
            actor=_worker(job),
            now=timezone.now(),
        )
        for check_id in selectors.waiting_for_render(key)
    ]
    if job is not None and not any(worth_another):
        job.retries_left = 0


def _enqueue_forgotten(overdue: tuple[RenderKey, UUID]) -> None:
    key, request = overdue
    if queue.enqueue_render(order_id=key.order_id, check_type=key.check_type, correlation_id=request):
        logger.warning("Enqueued the forgotten render of order %s, %s.", *key)


def _each(what: str, things: Any, act: Callable[[Any], object]) -> None:
    """Do it for each; one that fails does not keep the others from their turn."""
    for thing in things:
        try:
            act(thing)
        except JobTimeoutException:
            raise  # the alarm rings once
        except Exception:
            logger.exception("The sweeper failed at %s %s.", what, thing)


def _worker(job: Job | None) -> Actor:
    return Actor.worker((job and job.worker_name) or "none")

"""The render job. It takes ids, and does nothing if another worker was faster."""

import logging
import time
from typing import Any
from uuid import UUID

from django.utils import timezone
from rq import get_current_job
from rq.exceptions import AbandonedJobError
from rq.job import Job

from checks.rendering.errors import RenderError
from checks.rendering.produce import Rendering, produce
from checks.services.render import (
    CheckToRender,
    RenderKey,
    checks_to_render,
    record_render,
    record_render_failure,
    shared_render,
    waiting_for_render,
)
from foundation.context import Actor, correlation
from foundation.db.outages import is_outage

logger = logging.getLogger(__name__)


def render(order_id: int, check_type: str, correlation_id: str) -> None:
    """Render the PDF that the order's checks of this type share, and record the outcome.

    Raises RenderError after a failed attempt; RQ then retries the job or keeps it among the failed ones.
    """
    key = RenderKey(order_id, check_type)
    with correlation(UUID(correlation_id)):
        checks = checks_to_render(key)
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
    """Record a failed attempt if the worker died, which RQ notices later; `render` records other failures."""
    if error_class is AbandonedJobError:
        order_id, check_type, correlation_id = job.args
        with correlation(UUID(correlation_id)):
            key = RenderKey(order_id, check_type)
            _record_failure(key, reason="worker_died", ms=0, permanent=False, job=job)


def _render(key: RenderKey, checks: list[CheckToRender]) -> None:
    try:
        rendering: Rendering | None = None
        shared_with = key if len(checks) > 1 else None  # an order never gets another check
        if shared_with is None or shared_render(key) is None:
            # From a check that waits: an erased check of the same type has lost its client.
            order = next(check.order for check in checks if check.is_waiting)
            rendering = produce(order_id=key.order_id, check_type=key.check_type, order=order)
        for check in checks:
            if check.is_waiting:
                record_render(
                    check_id=check.id,
                    rendering=rendering,
                    shared_with=shared_with,
                    actor=_worker(get_current_job()),
                    now=timezone.now(),
                )
    except Exception as error:
        # A RenderError is classified already, and without the database no failure can be recorded.
        if isinstance(error, RenderError) or is_outage(error):
            raise
        logger.exception("Rendering order %s, %s, failed unexpectedly.", *key)
        raise RenderError(reason="internal", permanent=False, detail=type(error).__name__) from error


def _record_failure(key: RenderKey, *, reason: str, ms: int, permanent: bool, job: Job | None) -> None:
    """Record the attempt on every waiting check, and let RQ retry only if that may help."""
    worth_another = [
        record_render_failure(
            check_id=check_id,
            reason=reason,
            ms=ms,
            permanent=permanent,
            actor=_worker(job),
            now=timezone.now(),
        )
        for check_id in waiting_for_render(key)
    ]
    if job is not None and not any(worth_another):
        job.retries_left = 0


def _worker(job: Job | None) -> Actor:
    return Actor.worker((job and job.worker_name) or "none")

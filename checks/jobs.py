"""What runs in RQ's workers. Jobs take ids, and do nothing when somebody was faster."""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from rq import get_current_job

from checks import queue, selectors, services
from checks.commands import RecordRender
from checks.rendering.errors import RenderError
from checks.rendering.produce import RenderedDocument, produce
from checks.selectors import RenderKey
from events.context import Actor, correlation

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)


def render(order_id: int, check_type: str, correlation_id: str) -> None:
    """Render the PDF that the order's checks of this type share, and record the outcome.

    Raises RenderError after a failed attempt, for RQ to retry or to keep among the failed jobs.
    """
    key = RenderKey(order_id, check_type)
    with correlation(UUID(correlation_id)):
        order = selectors.order_to_render(key)
        if order is None:
            logger.info("Nothing to render for order %s, %s.", order_id, check_type)
            return
        shared = selectors.shared_render(key)
        if shared is not None:
            _record(key, shared)
            return
        started = time.perf_counter()
        try:
            document = produce(order_id=order_id, check_type=check_type, order=order)
        except RenderError as error:
            _record_failure(key, error, milliseconds_since(started))
            raise
        _record(key, _as_command(document))


def sweep() -> None:
    """Enqueue what was forgotten and end the leases that ran out; harmless however often it runs."""
    now = timezone.now()
    services.expire_leases(now=now)
    for key, request in selectors.overdue_renders(before=now - OVERDUE).items():
        if queue.enqueue_render(order_id=key.order_id, check_type=key.check_type, correlation_id=request):
            logger.warning("Enqueued the forgotten render of order %s, %s.", key.order_id, key.check_type)


def milliseconds_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _record(key: RenderKey, render: RecordRender) -> None:
    services.record_render(
        order_id=key.order_id,
        check_type=key.check_type,
        render=render,
        actor=_this_worker(),
        now=timezone.now(),
    )


def _as_command(document: RenderedDocument) -> RecordRender:
    return RecordRender(
        file=document.file,
        sha256=document.sha256,
        bytes=document.size,
        pages=document.pages,
        ms=document.milliseconds,
        renderer=document.renderer,
        template=document.template,
    )


def _record_failure(key: RenderKey, error: RenderError, ms: int) -> None:
    worth_another = services.record_render_failure(
        order_id=key.order_id,
        check_type=key.check_type,
        reason=error.reason,
        ms=ms,
        permanent=error.permanent,
        actor=_this_worker(),
        now=timezone.now(),
    )
    job = get_current_job()
    if job is not None and not worth_another:
        job.retries_left = 0


def _this_worker() -> Actor:
    job = get_current_job()
    return Actor.worker((job and job.worker_name) or "none")

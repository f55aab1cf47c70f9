"""The sweep job: it completes what was lost and ends what ran out of time."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rq.timeouts import JobTimeoutException

from checks.services import render_queue as queue
from checks.services.erase import delete_erased_file, erased_files
from checks.services.render import RenderKey
from checks.services.sweep import expire_lease, expired_leases, overdue_renders
from foundation.jobs import orphaned

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)


def sweep() -> None:
    """Enqueue lost renders, delete erased PDFs, end expired leases; it may run any number of times."""
    now = timezone.now()
    _each("orphaned jobs", [None], lambda _: orphaned.clean_orphaned())
    _each(
        "lease of check",
        expired_leases(now=now),
        lambda check_id: expire_lease(check_id=check_id, now=now),
    )
    _each("erased PDF", erased_files(), lambda name: delete_erased_file(name=name))
    _each("render", overdue_renders(now=now, after=OVERDUE).items(), _enqueue_forgotten)


def _enqueue_forgotten(overdue: tuple[RenderKey, UUID]) -> None:
    key, request = overdue
    if queue.enqueue_render(order_id=key.order_id, check_type=key.check_type, correlation_id=request):
        logger.warning("Enqueued the forgotten render of order %s, %s.", *key)


def _each(what: str, things: Any, act: Callable[[Any], object]) -> None:
    """Act on each thing; a failure does not stop the others."""
    for thing in things:
        try:
            act(thing)
        except JobTimeoutException:
            raise  # the job's time is over; the alarm does not ring twice
        except Exception:
            logger.exception("The sweeper failed at %s %s.", what, thing)

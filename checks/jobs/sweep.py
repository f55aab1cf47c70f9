"""The job that finishes what was forgotten or has run out of time."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rq.timeouts import JobTimeoutException

from checks import services
from checks.services import render_queue as queue
from checks.services import selectors
from checks.services.selectors import RenderKey
from foundation.jobs import orphaned

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)


def sweep() -> None:
    """Enqueue and delete what was forgotten, end the leases that ran out; harmless however often it runs."""
    now = timezone.now()
    _each("orphaned jobs", [None], lambda _: orphaned.clean_orphaned())
    _each(
        "lease of check",
        selectors.expired_leases(now=now),
        lambda check_id: services.expire_lease(check_id=check_id, now=now),
    )
    _each("erased PDF", selectors.erased_files(), lambda name: services.delete_erased_file(name=name))
    _each("render", selectors.overdue_renders(now=now, after=OVERDUE).items(), _enqueue_forgotten)


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

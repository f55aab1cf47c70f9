"""Jobs that RQ's cron enqueues (`forfar.cron`). Their names are stored in Redis."""

import logging
import time

from django.utils import timezone

from readers.webhooks import delivering, follower, queue, selectors, services

logger = logging.getLogger(__name__)

SERVING_SECONDS = 20  # then the job ends, so that the worker can stop or recycle itself


def follow() -> None:
    """Write deliveries for what has settled, and wake a worker if something is due."""
    now = timezone.now()
    follower.catch_up(now=now)
    if given_up := delivering.give_up_for_inactive(now=now):
        logger.info("Gave up %s deliveries of inactive subscriptions.", given_up)
    if selectors.unclaimed(now).exists():
        queue.wake_up()


def deliver() -> None:
    """Serve one subscription after another while something is due. Several workers may do so at once."""
    began = time.monotonic()
    while time.monotonic() - began < SERVING_SECONDS:
        subscription = delivering.claim(now=timezone.now())
        if subscription is None:
            return
        delivering.serve(subscription, clock=timezone.now)


def remove_old_deliveries() -> None:
    """Remove deliveries that ended long ago."""
    if removed := services.remove_old_deliveries(now=timezone.now()):
        logger.info("Removed %s old deliveries.", removed)

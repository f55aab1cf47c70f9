"""What runs in RQ's workers; `forfar.cron` has it done again and again."""

import logging
import time

from django.utils import timezone

from readers.webhooks import delivering, follower, queue, selectors, services

logger = logging.getLogger(__name__)

SERVING_SECONDS = 20  # then the job ends, for the worker to be told to stop, or to recycle itself


def follow() -> None:
    """Write the notices of what has settled, and wake up a worker if there is something to send."""
    now = timezone.now()
    follower.catch_up(now=now)
    if given_up := delivering.give_up_of_inactive(now=now):
        logger.info("Gave up %s notices of inactive subscriptions.", given_up)
    if selectors.unclaimed(now).exists():
        queue.wake_up()


def deliver() -> None:
    """Serve one subscription after another while something is due; harmless however many do it at once."""
    began = time.monotonic()
    while time.monotonic() - began < SERVING_SECONDS:
        subscription = delivering.claim(now=timezone.now())
        if subscription is None:
            return
        delivering.serve(subscription, clock=timezone.now)


def remove_old_deliveries() -> None:
    """Remove notices that ended long ago."""
    if removed := services.remove_old_deliveries(now=timezone.now()):
        logger.info("Removed %s old notices.", removed)

"""Jobs that cron enqueues (forfar/cron.py)."""

import logging

from django.utils import timezone

from order_systems import answers

logger = logging.getLogger(__name__)


def remove_old_answers() -> None:
    """Remove answers to Idempotency-Keys after their time. It may run any number of times."""
    if removed := answers.remove_old_answers(now=timezone.now()):
        logger.info("Removed %s old answers.", removed)

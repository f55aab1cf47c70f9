"""What runs in RQ's workers; `forfar.cron` has it done again and again."""

import logging

from django.utils import timezone

from order_systems import answers

logger = logging.getLogger(__name__)


def remove_old_answers() -> None:
    """Remove the answers whose Idempotency-Key has had its time; harmless however often it runs."""
    if removed := answers.remove_old_answers(now=timezone.now()):
        logger.info("Removed %s old answers.", removed)

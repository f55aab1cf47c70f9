"""Jobs for analysts that RQ's cron enqueues. Their names are stored in Redis."""

from django.utils import timezone

from foundation.db.deadlines import without_deadlines
from readers.analytics import summaries

TIMEOUT_SECONDS = 240


def refresh_summaries() -> None:
    """Bring the summaries up to date. For a long log, use the command refresh_analytics first."""
    with without_deadlines():
        summaries.catch_up(now=timezone.now(), zone=timezone.get_default_timezone())

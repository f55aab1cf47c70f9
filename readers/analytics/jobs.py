"""What RQ's cron has the workers do for analysts."""

from django.utils import timezone

from foundation.db.deadlines import without_deadlines
from readers.analytics import summaries

TIMEOUT_SECONDS = 240


def refresh_summaries() -> None:
    """Bring the summaries up to date; a long log has its own command."""
    with without_deadlines():
        summaries.catch_up(now=timezone.now(), zone=timezone.get_default_timezone())

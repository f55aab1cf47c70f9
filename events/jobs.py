"""Jobs of the log that RQ's cron enqueues. Their names are stored in Redis."""

from django.utils import timezone

from events.seals.sealing import seal_settled

SEALS_PER_RUN = 8


def seal() -> None:
    """Seal what has settled since the last run. It may run at any time and in several workers at once.

    A large backlog is left to later runs, so that the worker is soon free again.
    """
    seal_settled(now=timezone.now(), at_most=SEALS_PER_RUN)

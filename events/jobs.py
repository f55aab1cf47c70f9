"""What runs in RQ's workers for the log."""

from django.utils import timezone

from events.seals.sealing import seal_settled

SEALS_A_RUN = 8


def seal() -> None:
    """Seal what has settled since the last run; harmless however often and wherever it runs.

    A large backlog is left to the next runs, for the worker to get back to its checks.
    """
    seal_settled(now=timezone.now(), at_most=SEALS_A_RUN)

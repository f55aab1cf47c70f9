"""How long a delivery waits for its next attempt, and how long a failing receiver is left alone."""

import random
from datetime import datetime, timedelta

# A day in all; the last pause repeats. The first two cover a receiver's restart, the last one a night.
PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800]
GIVEN_UP_AFTER = timedelta(days=1)
GIVEN_UP_ATTEMPTS = 4  # since the receiver came back: its absence is not the delivery's fault
JITTER = 0.1  # of a pause, either way, so that what failed together is not retried together
FAILURES_BEFORE_REST = 5
REST_SECONDS = 5
LONGEST_REST_SECONDS = 300


def next_attempt_at(*, now: datetime, attempts: int) -> datetime:
    """Return when to try again after this many attempts."""
    seconds = PAUSES_SECONDS[min(attempts, len(PAUSES_SECONDS)) - 1]
    return now + timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311


def had_its_day(*, waited: timedelta, attempts: int) -> bool:
    """Tell whether a delivery has been tried for long enough."""
    return waited >= GIVEN_UP_AFTER and attempts >= GIVEN_UP_ATTEMPTS


def rest_until(*, now: datetime, failures: int) -> datetime | None:
    """Return until when to leave a receiver alone after this many failures in a row; None for no rest."""
    if failures < FAILURES_BEFORE_REST:
        return None
    doubled = min(failures - FAILURES_BEFORE_REST, 16)
    return now + timedelta(seconds=min(REST_SECONDS * 2**doubled, LONGEST_REST_SECONDS))

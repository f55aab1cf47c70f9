"""How long a notice waits for its next attempt, and a subscription that fails for its next chance."""

import random
from datetime import datetime, timedelta

# About a day, with the last again. The first two are for a restart of the receiver, the last for its night.
PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800]
GIVEN_UP_AFTER = timedelta(days=1)
GIVEN_UP_ATTEMPTS = 4  # since the receiver came back: that it was away is not the notice's fault
JITTER = 0.1  # of a pause, either way: what failed together does not come back together
FAILURES_BEFORE_REST = 5
REST_SECONDS = 5
LONGEST_REST_SECONDS = 300


def next_attempt_at(*, now: datetime, attempts: int) -> datetime:
    """Return when to try again after so many attempts; past the list its last pause goes on."""
    seconds = PAUSES_SECONDS[min(attempts, len(PAUSES_SECONDS)) - 1]
    return now + timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311


def had_its_day(*, waited: timedelta, attempts: int) -> bool:
    """Tell whether a notice has been tried for long enough."""
    return waited >= GIVEN_UP_AFTER and attempts >= GIVEN_UP_ATTEMPTS


def rest_until(*, now: datetime, failures: int) -> datetime | None:
    """Return until when a receiver is left alone after so many failures in a row, if it is."""
    if failures < FAILURES_BEFORE_REST:
        return None
    doubled = min(failures - FAILURES_BEFORE_REST, 16)
    return now + timedelta(seconds=min(REST_SECONDS * 2**doubled, LONGEST_REST_SECONDS))

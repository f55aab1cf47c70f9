"""How workers are woken up. The queue carries nothing: what is due stands in PostgreSQL."""

from rq import Queue

from foundation.redis import client

NOTICES = "webhooks"
DELIVER_JOB = "readers.webhooks.jobs.deliver"  # by name: the jobs import this module
DELIVER_TIMEOUT_SECONDS = 90
# A wake-up that nobody took by then is of no more use: the next ones are behind it.
WAKE_UP_TTL_SECONDS = 10


def wake_up() -> None:
    """Have a worker look for what is due."""
    Queue(NOTICES, connection=client()).enqueue(
        DELIVER_JOB,
        job_timeout=DELIVER_TIMEOUT_SECONDS,
        ttl=WAKE_UP_TTL_SECONDS,
        result_ttl=0,
        failure_ttl=24 * 3600,
    )

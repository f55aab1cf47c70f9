"""Wakes workers up. The queue carries no data: PostgreSQL knows what is due."""

from rq import Queue

from foundation.redis import client

QUEUE = "webhooks"
DELIVER_JOB = "readers.webhooks.jobs.deliver"  # by name, because the jobs import this module
DELIVER_TIMEOUT_SECONDS = 90
# A wake-up that no worker has taken by then is useless: newer ones are in the queue.
WAKE_UP_TTL_SECONDS = 10


def wake_up() -> None:
    """Have a worker look for deliveries that are due."""
    Queue(QUEUE, connection=client()).enqueue(
        DELIVER_JOB,
        job_timeout=DELIVER_TIMEOUT_SECONDS,
        ttl=WAKE_UP_TTL_SECONDS,
        result_ttl=0,
        failure_ttl=24 * 3600,
    )

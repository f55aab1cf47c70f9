"""RQ's queues: one connection a process, and jobs that are enqueued once.

Works around RQ 3.0; each function says what to check when it is upgraded.
"""

from typing import Any

import django_rq
from redis import WatchError
from rq import Queue
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus

from foundation.per_process import per_process
from foundation.redis import client

RETRY_PAUSES_SECONDS = [1, 5, 15]
# How long after its time limit a job that nobody ended counts as abandoned; RQ's 60 s are long for a kitchen.
ABANDONED_AFTER_SECONDS = 10
LIVE = {JobStatus.CREATED, JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED}


@per_process()
def default_queue() -> Queue:
    """The process's one queue: each call of django_rq makes a connection pool, which RQ keeps for ever.

    An order must not wait for a Redis that does not answer, hence the short time limit.
    """
    return django_rq.get_queue(commit_mode="auto", connection=client())


def enqueue_unless_alive(function: str, *, job_id: str, **options: Any) -> bool:
    """Enqueue a job with a fixed id unless it is alive; say whether it was needed."""
    for _try in range(2):
        try:
            default_queue().enqueue(function, unique=True, job_id=job_id, **options)
        except DuplicateJobError:
            if not _remove_dead_job(job_id):
                return False
        else:
            return True
    return False


def _remove_dead_job(job_id: str) -> bool:
    """Delete a job that has ended and is only kept to be looked at; say whether the id is free now."""
    connection = default_queue().connection
    key = Job.key_for(job_id)
    with connection.pipeline() as pipeline:
        pipeline.watch(key)  # type: ignore[no-untyped-call]
        try:
            job = Job.fetch(job_id, connection=connection)
            if job.get_status() in LIVE:
                return False
        except NoSuchJobError:  # gone, or a remnant without its data
            connection.delete(key)
            return True
        except InvalidJobOperation:  # it is just ending
            return False
        pipeline.multi()
        job.delete(pipeline=pipeline)
        try:
            pipeline.execute()
        except WatchError:  # somebody else has just replaced it
            return False
    return True

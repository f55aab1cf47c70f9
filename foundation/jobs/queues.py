"""RQ's queues: one connection a process, and jobs that are enqueued once.

Written for RQ 3.0 and django-rq 4.2. When you upgrade, check the following.
* `django_rq.get_queue` still makes a connection pool at each call (`default_queue`).
* `enqueue(unique=True)` still refuses a job that has ended and is only kept to look at (`_remove_dead_job`).
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
# How long after its time limit a job that nobody ended counts as orphaned. RQ's 60 s are long for a kitchen.
ORPHANED_AFTER_SECONDS = 10
LIVE = {JobStatus.CREATED, JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED}


@per_process()
def default_queue() -> Queue:
    """Return the process's queue of renders. Each call of django_rq would make a connection pool."""
    return django_rq.get_queue(commit_mode="auto", connection=client())


def enqueue_unless_alive(function: str, *, job_id: str, **options: Any) -> bool:
    """Enqueue a job with a fixed id unless it is alive; return whether it was enqueued."""
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
    """Delete a job that has ended and is only kept to look at; return whether the id is free now."""
    connection = default_queue().connection
    key = Job.key_for(job_id)
    with connection.pipeline() as pipeline:
        pipeline.watch(key)  # type: ignore[no-untyped-call]
        try:
            job = Job.fetch(job_id, connection=connection)
            if job.get_status() in LIVE:
                return False
        except NoSuchJobError:  # deleted, or a key without its data
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

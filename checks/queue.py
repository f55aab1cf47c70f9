"""How render jobs get into RQ. The events are the outbox: what is lost here, the sweeper enqueues again."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import django_rq
from django.db import transaction
from redis import WatchError
from rq import Callback, Queue, Retry, SimpleWorker
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import StartedJobRegistry

from forfar.redis import client

# By name: the jobs import this module.
RENDER_JOB = "checks.jobs.render"
RENDER_DIED = "checks.jobs.render_died"
RETRY_PAUSES_SECONDS = [1, 5, 15]
FAILED_JOB_TTL_SECONDS = 7 * 24 * 3600
LIVE = {JobStatus.CREATED, JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED}


def render_job_id(order_id: int, check_type: str) -> str:
    return f"render-{order_id}-{check_type}"


def enqueue_new_renders_on_commit(*, order_id: int, check_types: Iterable[str], correlation_id: UUID) -> None:
    """Enqueue the renders of an order that this transaction creates, once it has committed.

    Their job ids cannot be taken yet, so one pipeline does for all. A Redis that is down undoes nothing.
    """

    def enqueue_all() -> None:
        queue = render_queue()
        jobs = [_job(order_id, check_type, correlation_id) for check_type in check_types]
        queue.enqueue_many([queue.prepare_data(RENDER_JOB, **job) for job in jobs])

    # Robust: logged when it fails. (Not a functools.partial: Django's log line wants a __qualname__.)
    transaction.on_commit(enqueue_all, robust=True)


def enqueue_render_on_commit(*, order_id: int, check_type: str, correlation_id: UUID) -> None:
    """Enqueue one render once the transaction has committed; see `enqueue_render`."""

    def enqueue() -> None:
        enqueue_render(order_id=order_id, check_type=check_type, correlation_id=correlation_id)

    transaction.on_commit(enqueue, robust=True)


def enqueue_render(*, order_id: int, check_type: str, correlation_id: UUID) -> bool:
    """Enqueue the render of one order and type unless that job is alive; say whether it was needed."""
    for _try in range(2):
        try:
            render_queue().enqueue(RENDER_JOB, unique=True, **_job(order_id, check_type, correlation_id))
        except DuplicateJobError:
            if not _remove_dead_job(render_job_id(order_id, check_type)):
                return False
        else:
            return True
    return False


def clean_abandoned() -> None:
    """Have RQ notice the jobs whose worker died; by itself it looks every ten minutes."""
    queue = render_queue()
    StartedJobRegistry(queue=queue).cleanup()
    queue.intermediate_queue.cleanup(SimpleWorker([queue], connection=queue.connection), queue)


@cache
def render_queue() -> Queue:
    """The process's one queue: each call of django_rq makes a connection pool, which RQ keeps for ever.

    An order must not wait for a Redis that does not answer, hence the short time limit.
    """
    return django_rq.get_queue(commit_mode="auto", connection=client())


def _job(order_id: int, check_type: str, correlation_id: UUID) -> dict[str, Any]:
    return {
        "args": (order_id, check_type, str(correlation_id)),
        "job_id": render_job_id(order_id, check_type),
        "description": f"render {order_id} {check_type}",
        "retry": Retry(max=len(RETRY_PAUSES_SECONDS), interval=RETRY_PAUSES_SECONDS),
        "on_failure": Callback(RENDER_DIED),
        "result_ttl": 0,
        "failure_ttl": FAILED_JOB_TTL_SECONDS,
    }


def _remove_dead_job(job_id: str) -> bool:
    """Delete a job that has ended and is only kept to be looked at; say whether the id is free now."""
    connection = render_queue().connection
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

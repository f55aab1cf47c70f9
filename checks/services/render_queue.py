"""How render jobs get into RQ. The events are the outbox: what is lost here, the sweeper enqueues again."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from rq import Callback, Queue, Retry
from rq.job import Job

from foundation.ids import id_in
from foundation.jobs.queues import RETRY_PAUSES_SECONDS, default_queue, enqueue_unless_alive
from foundation.redis import client

# By name: the jobs import this module.
RENDER_JOB = "checks.jobs.render.render"
RENDER_JOB_ID = re.compile(r"render-([0-9]+)-([a-z]+)")
RENDER_DIED = "checks.jobs.render.render_died"
SWEEP_JOB = "checks.jobs.sweep.sweep"
# Apart from the renders: a long queue of these must not keep the sweeper waiting.
UPKEEP = "upkeep"
SWEEP_TIMEOUT_SECONDS = 120
SWEEP_ASKED = "forfar:sweep-asked"
SWEEP_ASKED_SECONDS = 5
FAILED_JOB_TTL_SECONDS = 7 * 24 * 3600


def render_job_id(order_id: int, check_type: str) -> str:
    return f"render-{order_id}-{check_type}"


def rendered_by(job_id: str) -> tuple[int, str] | None:
    """Return the order and the type of check that a job renders; None for other jobs."""
    found = RENDER_JOB_ID.fullmatch(job_id)
    order_id = id_in(found[1]) if found else None
    return (order_id, found[2]) if found and order_id else None


def render_job_status(order_id: int, check_type: str) -> str:
    """Return what RQ says of the job, "" where it knows none. Raises RedisError, after seconds at most."""
    key = Job.key_for(render_job_id(order_id, check_type))
    status: Any = client().hget(key, "status")
    return status.decode() if status else ""


def enqueue_new_renders_on_commit(*, order_id: int, check_types: Iterable[str], correlation_id: UUID) -> None:
    """Enqueue the renders of an order that this transaction creates, once it has committed.

    Their job ids cannot be taken yet, so one pipeline does for all. A Redis that is down undoes nothing.
    """

    def enqueue_all() -> None:
        queue = default_queue()
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
    return enqueue_unless_alive(RENDER_JOB, **_job(order_id, check_type, correlation_id))


def ask_for_sweep() -> None:
    """Have the sweeper come now; workers that ask within the same seconds get one sweep together."""
    connection = default_queue().connection
    if connection.set(SWEEP_ASKED, 1, nx=True, ex=SWEEP_ASKED_SECONDS):
        upkeep = Queue(UPKEEP, connection=connection)
        upkeep.enqueue(SWEEP_JOB, job_timeout=SWEEP_TIMEOUT_SECONDS, ttl=60, result_ttl=0, failure_ttl=3600)


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

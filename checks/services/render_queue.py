"""Enqueueing render jobs. The events are the outbox: the sweeper enqueues again what gets lost here."""

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

# Pinned: jobs with these names and ids wait in Redis during a rollout, and the job id keeps an order from
# being rendered twice. By name, because the jobs import this module.
RENDER_JOB = "checks.jobs.render.render"
RENDER_JOB_ID = re.compile(r"render-([0-9]+)-([a-z]+)")
RENDER_DIED = "checks.jobs.render.render_died"
SWEEP_JOB = "checks.jobs.sweep.sweep"
# A queue of its own, so that the sweeper need not wait behind many renders.
UPKEEP = "upkeep"
SWEEP_TIMEOUT_SECONDS = 120
SWEEP_ASKED = "forfar:sweep-asked"
SWEEP_ASKED_SECONDS = 5
FAILED_JOB_TTL_SECONDS = 7 * 24 * 3600


def render_job_id(order_id: int, check_type: str) -> str:
    return f"render-{order_id}-{check_type}"


def rendered_by(job_id: str) -> tuple[int, str] | None:
    """Return the order and the type of check that a job renders, None for other jobs."""
    found = RENDER_JOB_ID.fullmatch(job_id)
    order_id = id_in(found[1]) if found else None
    return (order_id, found[2]) if found and order_id else None


def render_job_status(order_id: int, check_type: str) -> str:
    """Return the job's status in RQ, "" if it has none. Raises RedisError after a few seconds at most."""
    key = Job.key_for(render_job_id(order_id, check_type))
    status: Any = client().hget(key, "status")
    return status.decode() if status else ""


def enqueue_new_renders_on_commit(*, order_id: int, check_types: Iterable[str], correlation_id: UUID) -> None:
    """Enqueue the renders of an order that this transaction creates, after the commit.

    Their job ids are new, so they are enqueued in one pipeline. If Redis is down, the order stays created.
    """

    def enqueue_all() -> None:
        queue = default_queue()
        jobs = [_job(order_id, check_type, correlation_id) for check_type in check_types]
        queue.enqueue_many([queue.prepare_data(RENDER_JOB, **job) for job in jobs])

    # Robust: a failure is only logged. Not a functools.partial, because Django logs its __qualname__.
    transaction.on_commit(enqueue_all, robust=True)


def enqueue_render_on_commit(*, order_id: int, check_type: str, correlation_id: UUID) -> None:
    """Enqueue one render after the commit; see `enqueue_render`."""

    def enqueue() -> None:
        enqueue_render(order_id=order_id, check_type=check_type, correlation_id=correlation_id)

    transaction.on_commit(enqueue, robust=True)


def enqueue_render(*, order_id: int, check_type: str, correlation_id: UUID) -> bool:
    """Enqueue the render of one order and type unless its job is alive; say whether that was needed."""
    return enqueue_unless_alive(RENDER_JOB, **_job(order_id, check_type, correlation_id))


def ask_for_sweep() -> None:
    """Enqueue a sweep now; workers that ask within the same few seconds share one."""
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

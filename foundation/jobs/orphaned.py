"""Bringing back orphaned jobs: jobs whose worker or scheduler died.

RQ has the means to find them. Its workers use them every ten minutes, each worker for itself, and nobody
looks for overdue retries. Two cleaners at once would count the death of one worker as two failed attempts.
So one sweeper at a time cleans here, and `foundation.jobs.worker` keeps workers from it.

Written for RQ 3.0. When you upgrade RQ, check that `clean_registries` still counts a lost job as one failed
attempt, that `Queue.intermediate_queue` still holds what a worker took and has not begun, and that the scores
of the registries are still times. Otherwise test_sweeper.py fails.
"""

import contextlib
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from redis.exceptions import LockError
from rq import Queue
from rq.registry import BaseRegistry, ScheduledJobRegistry, StartedJobRegistry, clean_registries
from rq.scheduler import RQScheduler
from rq.worker_registration import clean_worker_registry

from foundation.jobs.queues import ORPHANED_AFTER_SECONDS, RETRY_PAUSES_SECONDS, default_queue

# In Redis, shared by the processes of two versions during a rollout.
CLEANING = "forfar:cleaning"
CLEANING_SECONDS = 60
SCHEDULER_PATIENCE_SECONDS = 5
WORKER_PATIENCE_SECONDS = 10


def clean_orphaned() -> bool:
    """Bring back all orphaned jobs; return False if another process is doing so."""
    queue = default_queue()
    lock = queue.connection.lock(CLEANING, timeout=CLEANING_SECONDS)
    if not lock.acquire(blocking=False):
        return False
    try:
        _follow_the_clock(queue)
        for each in (Queue(name, connection=queue.connection) for name in settings.RQ_QUEUES):
            clean_registries(each)
            clean_worker_registry(each)
            _put_back(each)
        _schedule_for_a_dead_scheduler(queue)
    finally:
        with contextlib.suppress(LockError):  # it took too long, and the next one has begun
            lock.release()
    return True


def _put_back(queue: Queue) -> None:
    """Put jobs whose worker died before it began them at the front of the queue.

    A living worker begins within milliseconds. RQ gives it a minute, and counts a failed attempt.
    """
    taken = queue.intermediate_queue
    begun = set(queue.started_job_registry.get_job_ids(cleanup=False))
    for job_id in set(taken.get_job_ids()) - begun:
        if taken.set_first_seen(job_id) or not _long_ago(taken.get_first_seen(job_id)):
            continue
        with queue.connection.pipeline() as pipeline:
            pipeline.lrem(taken.key, 0, job_id)
            pipeline.delete(taken.get_first_seen_key(job_id))
            pipeline.lpush(queue.key, job_id)
            pipeline.execute()


def _long_ago(moment: datetime | None) -> bool:
    """Return True for a moment in the future too: then the clock was set back."""
    return moment is not None and abs(time.time() - moment.timestamp()) > WORKER_PATIENCE_SECONDS


def _follow_the_clock(queue: Queue) -> None:
    """Move times that RQ waits for to the latest that they can be, after the clock was set back."""
    now = time.time()
    config: dict[str, Any] = settings.RQ_QUEUES["default"]
    _no_later_than(now + config["DEFAULT_TIMEOUT"] + ORPHANED_AFTER_SECONDS, StartedJobRegistry(queue=queue))
    _no_later_than(now + max(RETRY_PAUSES_SECONDS), _retries(queue))


def _no_later_than(moment: float, registry: BaseRegistry) -> None:
    members: Any = registry.connection.zrangebyscore(registry.key, moment + 1, "+inf")
    if members:
        registry.connection.zadd(registry.key, dict.fromkeys(members, moment), xx=True, lt=True)


def _retries(queue: Queue) -> ScheduledJobRegistry:
    return ScheduledJobRegistry(queue=queue)  # type: ignore[no-untyped-call]


def _schedule_for_a_dead_scheduler(queue: Queue) -> None:
    """Enqueue overdue retries. A living scheduler would have enqueued them within a second or two."""
    if _retries(queue).get_jobs_to_schedule(int(time.time()) - SCHEDULER_PATIENCE_SECONDS):
        scheduler = RQScheduler([queue], connection=queue.connection)
        scheduler.prepare_registries([queue.name])
        scheduler.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]

"""A worker that stays in one process: `manage.py rqworker-pool --worker-class foundation.jobs.worker.StayingWorker`.

RQ's default worker forks for every job, and each fork connects to the database again.
This one works in its own process, so what a job has opened stays open. What the fork gave is kept otherwise: an alarm enforces the
job's time limit, a crash ends this process alone and the pool starts another, and after so many jobs it
recycles itself.
"""

import math
import time
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db import close_old_connections
from rq.job import Job
from rq.queue import Queue
from rq.utils import now as utc_now
from rq.worker import SimpleWorker

from foundation.jobs.queues import ORPHANED_AFTER_SECONDS

JOBS_PER_WORKER = 5000
HEARTBEAT_SECONDS = 5
MEANT_ONCE = timedelta(seconds=5)


class StayingWorker(SimpleWorker):
    """RQ's SimpleWorker with a limited life; its database connection is renewed when it broke."""

    _heard_of = -math.inf

    def work(self, burst: bool = False, *args: Any, **kwargs: Any) -> bool:
        kwargs["max_jobs"] = kwargs.get("max_jobs") or JOBS_PER_WORKER
        kwargs["with_scheduler"] = False  # see the command schedule_retries
        return super().work(burst, *args, **kwargs)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say that this worker lives; RQ does so nine times a job, each with a round trip to Redis."""
        now = time.monotonic()
        if timeout is None and pipeline is None and now < self._heard_of + HEARTBEAT_SECONDS:
            return
        self._heard_of = now
        # Never shorter than what RQ gives an idle worker: it would fall out of the registry while it waits.
        super().heartbeat(max(timeout or 0, self.worker_ttl + 60), pipeline)

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """Cut the running job at the second signal, unless the first has just come.

        A supervisor that signals the whole group has a worker told twice, by the pool too. RQ gives that a
        second, which a busy machine does not keep.
        """
        asked = self._shutdown_requested_date
        if asked is None or utc_now() - asked >= MEANT_ONCE:
            super().request_force_stop(signum, frame)

    def clean_registries(self) -> None:
        """Leave this to the sweeper; see `foundation.jobs.orphaned`."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        close_old_connections()  # as Django does before a request
        super().execute_job(job, queue)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Return how many seconds the job's claim on this worker holds without a further sign of life."""
        return int(job.timeout or 0) + ORPHANED_AFTER_SECONDS

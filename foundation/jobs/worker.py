"""A worker that stays in one process: `manage.py run_workers QUEUE`.

RQ's default worker forks for every job, and each fork connects to the database again. This one works in its
own process, so what a job has opened stays open. It replaces what the fork gives: an alarm enforces the job's
time limit, a crash ends only this process, and after so many jobs it exits. The pool starts another.
"""

import logging
import math
import signal
import time
from contextlib import suppress
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db import close_old_connections
from redis import RedisError
from rq import worker_registration
from rq.exceptions import StopRequested
from rq.job import Job
from rq.queue import Queue
from rq.utils import now as utc_now
from rq.worker import SimpleWorker

from foundation.jobs.queues import ORPHANED_AFTER_SECONDS
from foundation.redis import client

logger = logging.getLogger(__name__)

JOBS_PER_WORKER = 5000
HEARTBEAT_SECONDS = 5
MEANT_ONCE = timedelta(seconds=5)
# A signal that comes just before the worker blocks in BLMOVE is only seen when BLMOVE returns.
DEQUEUE_SECONDS = 1
# How long a worker that Redis refuses waits before it exits; the pool starts another one within a second.
REFUSED_SECONDS = 4


class StayingWorker(SimpleWorker):
    """RQ's SimpleWorker with a limited life; its database connection is renewed when it broke."""

    _heard_of = -math.inf
    max_connection_wait_time = 5.0  # RQ 3.0 waits up to a minute after an outage of Redis

    def work(self, burst: bool = False, *args: Any, **kwargs: Any) -> bool:
        kwargs["max_jobs"] = kwargs.get("max_jobs") or JOBS_PER_WORKER
        kwargs["with_scheduler"] = False  # see the command schedule_retries
        # RQ 3.0 installs them after its own preparations; a signal before would leave the worker registered.
        # On upgrade: does BaseWorker.work install them first?
        self._install_signal_handlers()  # type: ignore[no-untyped-call]
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, ())  # PromptPool blocks them
            self.before_work(burst=burst)
            return super().work(burst, *args, **kwargs)
        except StopRequested:  # before RQ's own loop
            return False
        except RedisError as error:
            if burst:
                raise
            _wait_for_redis(error)
            return False
        finally:
            self.after_work()

    def before_work(self, *, burst: bool) -> None:
        """Do what has to be done once, before the first job."""

    def after_work(self) -> None:
        """Let go of what jobs have opened: a process of RQ's pool runs no exit handlers."""

    @property
    def dequeue_timeout(self) -> int:
        return DEQUEUE_SECONDS

    @property
    def connection_timeout(self) -> int:
        """Return the socket's time limit in seconds.

        RQ 3.0 derives it from `dequeue_timeout`. A connection that is given up while Redis is frozen leaves a
        BLMOVE behind, which takes a job for nobody once Redis goes on. On upgrade: is it still derived so?
        """
        return self.worker_ttl

    def subscribe(self) -> None:
        """Start RQ's listener with all signals blocked, so that they reach the main thread.

        RQ 3.0 starts the listener as a thread that takes signals. A supervisor that signals the process group
        and the pool that passes its signal on make two at a time. Linux then may run both handlers in the
        listener. Python only notes them there, the main thread stays in BLMOVE, and the worker does not stop.
        On upgrade: does BaseWorker.subscribe still use PubSub.run_in_thread, and does that block signals?
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            super().subscribe()  # type: ignore[no-untyped-call]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def unsubscribe(self) -> None:
        """Stop the listener before its channel is closed.

        RQ 3.0 stops it afterwards. By then it waits for another channel, and teardown waits a second for it.
        On upgrade: in which order does BaseWorker.unsubscribe do it?
        """
        if self.pubsub_thread:
            self.pubsub_thread.stop()
        super().unsubscribe()  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        """Leave this out: RQ 3.0 writes to Redis in the signal's handler, and a failure would end the job.

        On upgrade: does anything but RQ's own `shutdown_requested_date` read the value?
        """

    def register_death(self) -> None:
        """Sign off, unless Redis is away; RQ 3.0 would wait for it as long as for a job.

        On upgrade: does BaseWorker.teardown survive a Redis that does not answer?
        """
        self.connection = client()
        try:
            super().register_death()  # type: ignore[no-untyped-call]
        except RedisError as error:
            logger.warning("The worker stops without signing off: %s", error)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say that this worker lives; RQ does so nine times a job, each with a round trip to Redis."""
        now = time.monotonic()
        if timeout is None and pipeline is None and now < self._heard_of + HEARTBEAT_SECONDS:
            return
        self._heard_of = now
        if pipeline is None and self.birth_date:
            self._register_again_if_lost()
        # Never shorter than what RQ gives an idle worker: it would fall out of the registry while it waits.
        super().heartbeat(max(timeout or 0, self.worker_ttl + 60), pipeline)

    def _register_again_if_lost(self) -> None:
        """Register again after Redis lost its data; otherwise /readyz would miss a worker that works.

        RQ 3.0 registers a worker once, at its birth. On upgrade: does BaseWorker.heartbeat do more?
        """
        if not self.connection.sismember(self.redis_workers_keys, self.key):
            self.connection.hset(self.key, mapping=self.serialize())
            worker_registration.register(self)

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """Cut the running job at the second signal, unless the first has just come.

        A supervisor that signals the whole group has a worker told twice, by the pool too. RQ 3.0 allows a
        second for that, which is short on a busy machine. On upgrade: can that time be set?
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


def _wait_for_redis(error: RedisError) -> None:
    """Keep the pool from starting a worker each second as long as Redis refuses them."""
    logger.warning("Redis cannot be used, this worker gives up: %s", error)
    with suppress(StopRequested):
        time.sleep(REFUSED_SECONDS)

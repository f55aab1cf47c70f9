"""The render worker …"""

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from checks.jobs.worker import RenderWorker
from foundation.jobs.queues import default_queue


@pytest.fixture
def worker(redis: Any) -> RenderWorker:
    queue = default_queue()
    return RenderWorker([queue], connection=queue.connection)


def heard_of(worker: RenderWorker) -> bytes | None:
    return worker.connection.hget(worker.key, "last_heartbeat")  # type: ignore[return-value]


def test_it_says_that_it_lives_once_in_a_while_and_not_nine_times_a_job(worker: RenderWorker) -> None:
    worker.heartbeat()
    first = heard_of(worker)

    worker.heartbeat()

    assert first is not None
    assert heard_of(worker) == first


def test_it_says_so_at_once_where_a_time_limit_is_given(worker: RenderWorker) -> None:
    worker.heartbeat()
    first = heard_of(worker)

    worker.heartbeat(30)

    assert heard_of(worker) != first


def test_it_does_not_fall_out_of_the_registry_while_it_waits_for_the_next_job(worker: RenderWorker) -> None:
    worker.heartbeat(30)  # as RQ does when a job of so many seconds begins

    left: Any = worker.connection.ttl(worker.key)
    assert left > worker.dequeue_timeout


def test_it_registers_again_after_redis_lost_its_data(worker: RenderWorker, redis: Any) -> None:
    worker.register_birth()
    redis.flushdb()

    worker.heartbeat()

    assert RenderWorker.count(queue=default_queue()) == 1
    assert heard_of(worker) is not None


def test_it_lets_no_other_thread_take_its_signals(worker: RenderWorker, redis: Any) -> None:
    """Linux would let RQ's listener take two signals at a time; see `RenderWorker.subscribe`."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    worker.subscribe()

    thread = worker.pubsub_thread.native_id
    status = Path(f"/proc/self/task/{thread}/status").read_text()
    blocked = int(status.split("SigBlk:")[1].split()[0], 16)
    worker.unsubscribe()
    assert all(blocked >> (signum - 1) & 1 for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM))
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask


def test_it_does_not_wait_for_its_listener_when_it_stops(worker: RenderWorker, redis: Any) -> None:
    worker.subscribe()
    began = time.monotonic()

    worker.unsubscribe()

    assert not worker.pubsub_thread.is_alive()
    assert time.monotonic() < began + 0.9  # RQ gives up after a second

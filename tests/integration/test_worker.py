"""The render worker …"""

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

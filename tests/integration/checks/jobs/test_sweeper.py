"""The sweeper …"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rq.job import Job, JobStatus
from rq.queue import Queue
from rq.registry import StartedJobRegistry
from rq.timeouts import TimerDeathPenalty

from checks import services
from checks.jobs.sweep import sweep
from checks.jobs.worker import RenderWorker
from checks.models import Check
from checks.services.render_queue import UPKEEP, ask_for_sweep, enqueue_render, render_job_id
from events.models import Event
from forfar.management.commands.schedule_upkeep import CONFIGURATION
from foundation.context import Actor
from foundation.jobs import orphaned
from foundation.jobs.cron import SteadyCronScheduler
from foundation.jobs.queues import default_queue
from tests.support.helpers import in_threads, redis_away, types_of

pytestmark = pytest.mark.django_db

CLAIM = "0123456789abcdef0123456789abcdef"


def upkeep_jobs() -> list[str]:
    return [job.func_name for job in Queue(UPKEEP, connection=default_queue().connection).jobs]


def job() -> Job:
    return Job.fetch(render_job_id(123456, "kitchen"), connection=default_queue().connection)


@pytest.fixture
def orphaned_render(redis: Any) -> Callable[[float], None]:
    """Leave a kitchen's render to a worker that died; its claim lasts until the moment that is given."""

    def abandon(until: float) -> None:
        enqueue_render(order_id=123456, check_type="kitchen", correlation_id=uuid4())
        job().set_status(JobStatus.STARTED)
        redis.delete("rq:queue:default")
        redis.zadd("rq:wip:default", {f"{job().id}:{CLAIM}": until})

    return abandon


def schedule_retry(at: float, redis: Any) -> None:
    """Leave a kitchen's render waiting for this moment."""
    enqueue_render(order_id=123456, check_type="kitchen", correlation_id=uuid4())
    job().set_status(JobStatus.SCHEDULED)
    redis.delete("rq:queue:default")
    redis.zadd("rq:scheduled:default", {job().id: at})


def test_it_is_asked_once_by_ten_workers_that_start_together(redis: Any) -> None:
    in_threads(10, lambda _: ask_for_sweep())

    assert upkeep_jobs() == ["checks.jobs.sweep.sweep"]


def test_it_is_asked_by_a_worker_that_starts(redis: Any) -> None:
    queue = default_queue()
    worker = RenderWorker([queue], connection=queue.connection)
    worker._stop_requested = True  # at once

    worker.work(logging_level="ERROR")

    assert upkeep_jobs() == ["checks.jobs.sweep.sweep"]


def test_it_does_not_keep_a_worker_from_starting_when_redis_is_away(
    redis: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    queue = default_queue()
    worker = RenderWorker([queue], connection=queue.connection)
    worker._stop_requested = True
    with monkeypatch.context() as patch:
        patch.setattr("checks.services.render_queue.default_queue", lambda: Queue(connection=redis_away()))

        worker.work(logging_level="ERROR")

    assert "No sweep was requested" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_it_counts_the_death_of_a_worker_once_however_many_sweep(
    printers: Any,
    order: Any,
    redis: Any,
    orphaned_render: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(StartedJobRegistry, "death_penalty_class", TimerDeathPenalty)  # for threads
    check, _ = services.create_checks(order=order, actor=Actor.order_system(), now=timezone.now())
    orphaned_render(time.time() - 1)

    in_threads(8, lambda _: sweep())

    assert types_of(check) == ["created", "render_attempt_failed"]
    assert job().get_status() == JobStatus.SCHEDULED


def test_it_leaves_the_orphaned_jobs_to_one_at_a_time(redis: Any) -> None:
    with redis.lock(orphaned.CLEANING, timeout=5):
        assert not orphaned.clean_orphaned()

    assert orphaned.clean_orphaned()


def test_it_enqueues_a_retry_that_a_dead_scheduler_has_left(redis: Any) -> None:
    schedule_retry(time.time() - 60, redis)

    sweep()

    assert redis.lrange("rq:queue:default", 0, -1) == [job().id.encode()]
    assert redis.zcard("rq:scheduled:default") == 0


def test_it_leaves_a_retry_to_the_scheduler_that_lives(redis: Any) -> None:
    schedule_retry(time.time() + 10, redis)

    sweep()

    assert redis.zcard("rq:scheduled:default") == 1


def take_without_beginning(redis: Any) -> None:
    """Leave a kitchen's render to a worker that took it and died."""
    enqueue_render(order_id=123456, check_type="kitchen", correlation_id=uuid4())
    redis.lmove("rq:queue:default", "rq:queue:default:intermediate")


def test_it_puts_back_what_a_worker_took_and_never_began(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take_without_beginning(redis)
    sweep()
    assert redis.llen("rq:queue:default") == 0  # a living worker may just be about to begin

    monkeypatch.setattr(orphaned, "WORKER_PATIENCE_SECONDS", 0)
    sweep()

    assert redis.lrange("rq:queue:default", 0, -1) == [job().id.encode()]
    assert redis.llen("rq:queue:default:intermediate") == 0


def test_it_leaves_what_a_worker_has_begun(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphaned, "WORKER_PATIENCE_SECONDS", 0)
    take_without_beginning(redis)
    redis.zadd("rq:wip:default", {f"{job().id}:{CLAIM}": time.time() + 60})

    sweep()
    sweep()

    assert redis.llen("rq:queue:default") == 0


# --- after the clock was set back ----------------------------------------------------------------------


def test_it_shortens_the_claim_of_a_dead_worker(
    created: list[Check], redis: Any, orphaned_render: Callable[[float], None]
) -> None:
    orphaned_render(time.time() + 7200)

    sweep()

    ((_, until),) = redis.zrange("rq:wip:default", 0, -1, withscores=True)
    assert until < time.time() + 60
    assert not Event.objects.filter(type="render_attempt_failed").exists()


def test_it_shortens_the_wait_for_a_retry(redis: Any) -> None:
    schedule_retry(time.time() + 7200, redis)

    sweep()

    ((_, at),) = redis.zrange("rq:scheduled:default", 0, -1, withscores=True)
    assert at < time.time() + 20


def test_it_enqueues_a_check_that_is_new_since_a_moment_to_come(
    printers: Any, order: Any, redis: Any
) -> None:
    later = timezone.now() + timedelta(hours=2)
    services.create_checks(order=order, actor=Actor.order_system(), now=later)

    sweep()

    assert redis.llen("rq:queue:default") == 2


def test_it_is_called_by_the_cron(redis: Any) -> None:
    scheduler = SteadyCronScheduler()
    scheduler.load_config_from_file(CONFIGURATION)
    scheduler.enqueue_jobs()
    scheduler.enqueue_jobs()
    assert upkeep_jobs().count("checks.jobs.sweep.sweep") == 1

    for each in scheduler.get_jobs():
        each.set_enqueue_time(timezone.now() + timedelta(hours=2))
    scheduler.enqueue_jobs()

    assert upkeep_jobs().count("checks.jobs.sweep.sweep") == 2

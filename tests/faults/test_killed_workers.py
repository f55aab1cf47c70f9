"""A worker is killed with SIGKILL; the service survives …"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil
import pytest
from psycopg2.errors import LockNotAvailable

from tests.faults.conftest import Flowing
from tests.faults.flow import Flow
from tests.faults.reach import kill, until
from tests.faults.stack import Stack

pytestmark = pytest.mark.faults

CHECKS = "LOCK TABLE checks_check IN ACCESS EXCLUSIVE MODE"
CHANGES = "LOCK TABLE checks_check IN EXCLUSIVE MODE"  # reading goes on
HISTORY = "LOCK TABLE checks_historicalcheck IN SHARE MODE"  # what comes last in a change
TO_RECORD = "(NULL IS NULL OR printer_id = NULL) FOR NO KEY UPDATE"
RECORDING = "INSERT INTO %checks_historicalcheck"


@contextmanager
def jobs_running_into(lock: str, stack: Stack, flowing: Flow) -> Iterator[None]:
    """Have jobs wait for the workers, and the workers for this lock, until the end of the block."""
    with ExitStack() as held:
        while True:
            with stack.frozen(stack.workers()):
                flowing.accept(2)
                try:
                    held.enter_context(stack.holding(lock))
                    break
                except LockNotAvailable:
                    continue  # a worker was frozen in the middle of a change
        yield


def jobs_begun(stack: Stack) -> int:
    return stack.queue().zcard("rq:wip:default")  # type: ignore[return-value]


def unfinished_jobs(stack: Stack) -> int:
    queues = ("rq:queue:default", "rq:queue:default:intermediate")
    return jobs_begun(stack) + sum(stack.queue().llen(name) for name in queues)  # type: ignore[misc]


def file_off_the_record(stack: Stack) -> bool:
    """Say whether a worker is recording a file that is in place already."""
    known = {name for (name,) in stack.sql("SELECT pdf_file FROM checks_check WHERE pdf_file <> ''")}
    written = any(f"pdf/{path.name}" not in known for path in (stack.media / "pdf").glob("[0-9]*"))
    return written and stack.waits(RECORDING)


@pytest.mark.thorough
def test_it_survives_a_worker_killed_between_taking_a_job_and_beginning_it(
    stack: Stack, flow: Flowing
) -> None:
    with flow() as flowing, ExitStack() as frozen:
        with flowing.without_new_orders():
            until(lambda: not unfinished_jobs(stack), "the workers wait for a job")
            frozen.enter_context(stack.frozen(stack.workers()))
        until(lambda: stack.queue().llen("rq:queue:default:intermediate"), "Redis has given them one")
        kill(stack.workers())


@pytest.mark.thorough
def test_it_survives_a_worker_killed_before_rendering(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing, jobs_running_into(CHECKS, stack, flowing):
        until(lambda: jobs_begun(stack) and stack.waits("checks_check"), "a worker has taken a job")
        kill(stack.workers())


@pytest.mark.thorough
def test_it_survives_a_worker_killed_during_rendering(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing:
        stack.set_renderer("hangs")
        flowing.accept(1)
        until(stack.renderers.documents, "a document is being rendered")
        stack.renderers.be("works")
        kill(stack.workers())


@pytest.mark.thorough
def test_it_survives_a_worker_killed_after_rendering(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing, jobs_running_into(CHANGES, stack, flowing):
        until(lambda: stack.waits(TO_RECORD), "a worker is to record")
        kill(stack.workers())


def test_it_survives_a_worker_killed_between_writing_the_file_and_recording_it(
    stack: Stack, flow: Flowing
) -> None:
    with flow() as flowing, jobs_running_into(HISTORY, stack, flowing):
        until(lambda: file_off_the_record(stack), "a file is written")
        kill(stack.workers())


@pytest.mark.thorough
def test_it_survives_a_worker_killed_between_recording_and_acknowledging_the_job(
    stack: Stack, flow: Flowing
) -> None:
    with flow() as flowing, ExitStack() as frozen:
        with jobs_running_into(HISTORY, stack, flowing):
            until(lambda: file_off_the_record(stack), "a file is written")
            before = flowing.events("rendered")
            # From here on nobody can tell Redis anything.
            frozen.enter_context(stack.frozen([psutil.Process(stack.redis_server.process.pid)]))
        until(lambda: flowing.events("rendered") > before, "it is recorded")
        kill(stack.workers())

"""verify_events in several processes …"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction

from checks import services
from checks.integrity.verification import Verified, reading, verify
from checks.integrity.verification.workers import WorkerEndedError, in_workers
from checks.models import Check
from events.feed.snapshot import export_snapshot
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.functional.processes import environment
from tests.support.helpers import in_threads, waiters, within

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def create(printers: Any, order: Any) -> Callable[[int], list[Check]]:
    """Create the two checks of an order, with one event each."""

    def run(order_id: int) -> list[Check]:
        actor = Actor.order_system()
        return services.create_checks(order={**order, "id": order_id}, actor=actor, now=NOW)

    return run


@pytest.fixture
def small_batches(create: Any, monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """Twenty checks, of which each is a batch."""
    monkeypatch.setattr(reading, "CHECKS_PER_BATCH", 1)
    return [check for order_id in range(1, 11) for check in create(order_id)]


def total(verified: list[Verified]) -> tuple[int, int, list[str]]:
    return (
        sum(each.checks for each in verified),
        sum(each.events for each in verified),
        [str(difference) for each in verified for difference in each.differences],
    )


def forge(check: Check) -> None:
    Check.objects.filter(pk=check.pk).update(status="failed")


def test_it_finds_what_one_process_finds_in_the_same_order(small_batches: list[Check]) -> None:
    for check in (small_batches[19], small_batches[0], small_batches[7]):
        forge(check)

    alone, shared = list(verify(jobs=1)), list(verify(jobs=3))

    assert shared == alone
    checks, events, differences = total(shared)
    assert (checks, events) == (20, 20)
    assert [line.partition(":")[0] for line in differences] == [
        f"check {small_batches[number].pk}" for number in (0, 7, 19)
    ]


def test_it_sees_one_moment_however_long_it_takes(small_batches: list[Check], create: Any) -> None:
    running = verify(jobs=2)
    first = next(running)

    create(11)
    forge(small_batches[19])

    assert total([first, *running]) == (20, 20, [])
    assert total(list(verify(jobs=2)))[:2] == (22, 22)


def test_it_sees_one_moment_in_all_processes(
    small_batches: list[Check], create: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed after the snapshot, and before the processes begin to read, is seen by none."""

    def export() -> str:
        name = export_snapshot()
        (created,) = in_threads(1, lambda _: create(11))  # on a connection of its own
        assert len(created) == 2
        return name

    monkeypatch.setattr("checks.integrity.verification.workers.export_snapshot", export)

    assert total(list(verify(jobs=2)))[:2] == (20, 20)


def statement_timeout(_task: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_it_may_take_its_time_in_every_process(db: None) -> None:
    assert statement_timeout(0) != "0"

    assert list(in_workers(statement_timeout, [1, 2], jobs=2)) == ["0", "0"]


def test_it_leaves_no_process_when_nobody_wants_the_rest(small_batches: list[Check]) -> None:
    before = set(psutil.Process().children())
    running = verify(jobs=2)
    next(running)
    workers = set(psutil.Process().children()) - before
    assert len(workers) == 2

    running.close()

    assert not any(worker.is_running() for worker in workers)


def test_it_fails_when_one_of_them_does(small_batches: list[Check], monkeypatch: Any, capfd: Any) -> None:
    def fail(selection: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr("checks.integrity.verification.verify_batch", fail)

    with pytest.raises(WorkerEndedError):
        list(verify(jobs=2))

    assert "the disk is gone" in capfd.readouterr().err


@pytest.fixture
def running(printers: dict[str, Printer], order: Any) -> Iterator[subprocess.Popen[str]]:
    """The command on more than one batch of checks, held up by a lock on the events."""
    Check.objects.bulk_create(
        Check(
            printer=printers["key1"],
            type="kitchen",
            order=order,
            order_salt=b"",
            order_id=number,
            status_changed_at=NOW,
        )
        for number in range(1, 2 + reading.CHECKS_PER_BATCH)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE events_event IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "verify_events", "--quiet", "--jobs", "2"],
            cwd=settings.BASE_DIR,
            env=environment(LOCK_TIMEOUT_SECONDS="0"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # what a failed test left, too
    process.communicate()


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until both wait for the lock: they have begun by then."""
    within(30, lambda: [waiter.relation for waiter in waiters()] == ["events_event"] * 2)
    workers = psutil.Process(process.pid).children()
    assert len(workers) == 2
    return workers


def all_gone(workers: list[psutil.Process]) -> bool:
    """Say whether all have ended; one whose new parent has not asked for its exit code yet has."""
    return not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)


@pytest.mark.parametrize(
    "signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name
)
def test_it_takes_its_processes_along_when_it_is_ended(
    running: subprocess.Popen[str], signum: signal.Signals
) -> None:
    workers = workers_of(running)

    running.send_signal(signum)

    assert running.wait(15) != 0
    assert within(15, lambda: all_gone(workers))


def test_it_fails_when_one_of_them_is_killed(running: subprocess.Popen[str]) -> None:
    first, second = workers_of(running)

    first.kill()

    said, _ = running.communicate(timeout=15)
    assert running.returncode == 1
    assert "WorkerEndedError" in said
    assert within(15, lambda: all_gone([second]))

"""A SIGTERM to a process of the Procfile …"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.db import connection
from django.test import Client

from checks.jobs.sweep import sweep
from checks.models import Check
from dev.server.service import free_port
from events.models import Event
from tests.faults.served import Served, serving
from tests.functional.processes import running
from tests.functional.slow_renderer import SlowRenderer
from tests.support.helpers import another_connection, somebody_waits, within

pytestmark = pytest.mark.django_db(transaction=True)

Signal = Callable[[int, int], None]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "process.log"


# --- the web process ---------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    return free_port()


@contextmanager
def web(log: Path, port: int, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    patience = {"LOCK_TIMEOUT_SECONDS": "60", "STATEMENT_TIMEOUT_SECONDS": "60"}
    with running("web", log, PORT=str(port), WEB_CONCURRENCY="1", **patience, **variables) as process:
        within(30, lambda: answers(port))
        yield process


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).status_code == 200
    except requests.RequestException:
        return False


@pytest.fixture
def table_in_use() -> Iterator[Callable[[], None]]:
    """Another writer keeps creations waiting until it is told to end."""
    other = another_connection()
    other.cursor().execute("LOCK TABLE checks_check IN SHARE ROW EXCLUSIVE MODE")
    yield other.rollback
    other.close()


class Posted:
    """An order that is on its way, and what came of it."""

    def __init__(self, port: int, order: Any) -> None:
        self.outcome: Any = None
        self._thread = threading.Thread(target=self._post, args=(port, order), daemon=True)
        self._thread.start()

    def _post(self, port: int, order: Any) -> None:
        try:
            self.outcome = requests.post(f"http://127.0.0.1:{port}/create_checks/", json=order, timeout=30)
        except requests.RequestException as error:
            self.outcome = error

    def wait(self) -> Any:
        self._thread.join(30)
        assert not self._thread.is_alive(), "the request hangs"
        return self.outcome


def test_it_lets_the_web_process_finish_a_request(
    printers: Any, order: Any, redis: Any, log: Path, port: int, table_in_use: Callable[[], None]
) -> None:
    with web(log, port) as process:
        posted = Posted(port, order)
        within(10, somebody_waits)

        process.terminate()
        within(10, lambda: not answers(port))
        assert posted.outcome is None
        table_in_use()

        assert posted.wait().status_code == 200
        assert process.wait(15) == 0
    assert Check.objects.count() == Event.objects.count() == 2


def test_it_cuts_a_request_that_takes_too_long_and_leaves_nothing_of_it(
    printers: Any, order: Any, redis: Any, log: Path, port: int, table_in_use: Callable[[], None]
) -> None:
    with web(log, port, SHUTDOWN_SECONDS="1") as process:
        posted = Posted(port, order)
        within(10, somebody_waits)

        process.terminate()

        assert isinstance(posted.wait(), requests.ConnectionError)
        process.wait(15)
    table_in_use()
    within(10, lambda: not somebody_waits())
    assert within(10, nobody_else_is_connected)
    assert Check.objects.count() == Event.objects.count() == 0


def nobody_else_is_connected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        row: tuple[int] = cursor.fetchone()
        return row[0] == 0


# --- the workers -------------------------------------------------------------------------------------


@pytest.fixture
def slow(tmp_path: Path) -> SlowRenderer:
    return SlowRenderer(tmp_path)


@pytest.fixture
def posted_order(api: Client, printers: Any, order: Any, redis: Any) -> None:
    response = api.post("/create_checks/", {**order, "point_id": 3}, content_type="application/json")
    assert response.status_code == 200


@contextmanager
def workers(log: Path, slow: SlowRenderer) -> Iterator["subprocess.Popen[bytes]"]:
    with running("worker", log, RENDER_WORKERS="1", WKHTMLTOPDF_BINARY=str(slow.program)) as process:
        yield process


def statuses() -> list[str]:
    return list(Check.objects.values_list("status", flat=True))


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the pool", "to its group"])
def test_it_lets_a_worker_finish_a_render(
    posted_order: None, log: Path, slow: SlowRenderer, send: Signal
) -> None:
    """Also where a supervisor signals the group, so that the worker hears it twice."""
    with workers(log, slow) as pool:
        within(30, slow.reached.exists)

        send(pool.pid, signal.SIGTERM)
        assert statuses() == ["new"]
        slow.let()

        assert pool.wait(30) == 0
    assert statuses() == ["rendered"]
    assert list(Event.objects.order_by("id").values_list("type", flat=True)) == ["created", "rendered"]
    call_command("verify_events", quiet=True)


def test_it_cuts_a_render_that_takes_too_long_and_the_next_pool_does_it(
    posted_order: None, log: Path, slow: SlowRenderer, redis: Any
) -> None:
    """As a supervisor does: SIGTERM, patience, SIGKILL."""
    with workers(log, slow) as pool:
        within(30, slow.reached.exists)
        pool.terminate()
        os.killpg(pool.pid, signal.SIGKILL)
        pool.wait(10)
    assert statuses() == ["new"]
    _let_claims_run_out(redis)

    slow.let()
    sweep()
    with workers(log, slow), running("scheduler", log):
        within(40, lambda: statuses() == ["rendered"])
    call_command("verify_events", quiet=True)


def _let_claims_run_out(redis: Any) -> None:
    """Make it as late as it is when the dead worker's claim on its job has run out."""
    for key in redis.keys("rq:wip:*"):
        for job_id in redis.zrange(key, 0, -1):
            redis.zadd(key, {job_id: 1})
    for check in Check.objects.all():
        Check.objects.filter(pk=check.pk).update(status_changed_at="2020-01-01T00:00Z")


# --- script/server -----------------------------------------------------------------------------------

PROMPT_SECONDS = 3.0


@pytest.fixture(scope="module")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all, so that the database is made once."""
    return tmp_path_factory.mktemp("server")


def seconds_to_stop(served: Served, signum: signal.Signals) -> float:
    began = time.monotonic()
    served.process.send_signal(signum)
    served.process.wait(120)
    return time.monotonic() - began


@pytest.mark.parametrize("times", [3, pytest.param(30, marks=pytest.mark.thorough)])
def test_it_stops_an_idle_server_at_once(times: int, server_folder: Path) -> None:
    """SIGTERM and Ctrl-C by turns. Many times, because what goes wrong here is a race."""
    served = Served(server_folder)
    took = []
    for count in range(times):
        served.start()
        took.append(seconds_to_stop(served, (signal.SIGTERM, signal.SIGINT)[count % 2]))
    assert max(took) < PROMPT_SECONDS, took


def test_it_stops_a_busy_server_when_its_jobs_are_done(
    server_folder: Path, order: Any, slow: SlowRenderer
) -> None:
    renderer = {"WKHTMLTOPDF_BINARY": str(slow.program), "RENDER_SANDBOX": "OFF"}  # no probe at the gate
    with serving(server_folder, RENDER_WORKERS="1", **renderer) as served:
        answer = requests.post(f"{served.address}/create_checks/", json={**order, "point_id": 3}, timeout=30)
        assert answer.status_code == 200
        within(30, slow.reached.exists)

        served.process.terminate()
        within(10, lambda: served.readiness()[0] == 0)
        assert served.process.poll() is None
        slow.let()

        began = time.monotonic()
        assert served.process.wait(30) == 128 + signal.SIGTERM
        assert time.monotonic() - began < PROMPT_SECONDS
    assert list((served.media / "pdf").iterdir())

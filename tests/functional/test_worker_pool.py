"""The pool of render workers, as the Procfile starts it …"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection
from django.test import Client

from checks.models import Check
from events.models import Event
from tests.functional.processes import running
from tests.support.helpers import within

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool(redis: Any, tmp_path: Path) -> Iterator[psutil.Process]:
    """The pool, of one worker; beside it runs what brings retries into the queue."""
    log = tmp_path / "processes.log"
    with running("worker", log, RENDER_WORKERS="1") as started, running("scheduler", log):
        yield psutil.Process(started.pid)


def worker_in(pool: psutil.Process) -> psutil.Process:
    """Wait for the pool's worker."""
    return within(15, lambda: next(iter(pool.children()), None))


def post(api: Client, order: Any, order_id: int) -> None:
    response = api.post("/create_checks/", {**order, "id": order_id}, content_type="application/json")
    assert response.status_code == 200


def is_rendered(order_id: int) -> bool:
    return not Check.objects.filter(order_id=order_id).exclude(status="rendered").exists()


def workers_of(order_id: int) -> set[str]:
    events = Event.objects.filter(stream__order_id=order_id, type="rendered")
    return set(events.values_list("actor", flat=True))


def test_it_renders_order_after_order_with_one_worker_and_one_renderer(
    api: Client, printers: Any, order: Any, pool: psutil.Process
) -> None:
    post(api, order, 1)
    within(20, lambda: is_rendered(1))
    renderers = [each for each in pool.children(recursive=True) if each.name() == "wkhtmltopdf"]

    post(api, order, 2)
    within(20, lambda: is_rendered(2))

    assert workers_of(1) == workers_of(2)
    assert renderers == [each for each in pool.children(recursive=True) if each.name() == "wkhtmltopdf"]
    assert len(renderers) == 1


def test_it_starts_another_worker_for_one_that_was_killed(
    api: Client, printers: Any, order: Any, pool: psutil.Process
) -> None:
    post(api, order, 1)
    within(20, lambda: is_rendered(1))

    worker = worker_in(pool)
    worker.kill()
    worker.wait(15)  # as long as it is dying it may be handed a job
    post(api, order, 2)
    within(20, lambda: is_rendered(2))

    assert workers_of(1).isdisjoint(workers_of(2))


def test_it_goes_on_after_its_database_connection_was_cut(
    api: Client, printers: Any, order: Any, pool: psutil.Process
) -> None:
    post(api, order, 1)
    within(20, lambda: is_rendered(1))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    post(api, order, 2)

    within(20, lambda: is_rendered(2))


def test_it_leaves_nothing_behind_when_it_is_told_to_end(
    api: Client, printers: Any, order: Any, pool: psutil.Process
) -> None:
    post(api, order, 1)
    within(20, lambda: is_rendered(1))
    processes = pool.children(recursive=True)

    pool.terminate()

    within(15, lambda: not any(each.is_running() for each in processes))

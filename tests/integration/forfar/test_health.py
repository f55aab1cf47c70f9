"""The health checks …"""

from collections.abc import Iterator
from typing import Any

import django_rq
import pytest
from django.test import Client
from rq import SimpleWorker

from tests.support.helpers import forget_redis


@pytest.fixture
def worker(redis: Any) -> Any:
    worker = SimpleWorker([django_rq.get_queue()], connection=redis)
    worker.register_birth()
    yield worker
    worker.register_death()


def test_they_say_that_the_process_lives(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"ok": True})


def test_they_say_that_everything_is_there(client: Client, db: None, worker: Any) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "missing": [],
        "horizon": {"seconds": 0.0, "pid": None, "prepared": None, "database": None},
    }


def test_they_name_the_worker_that_is_missing(client: Client, db: None, redis: Any) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()["missing"]) == (503, ["worker"])


def test_they_name_the_renderer_that_is_missing(client: Client, db: None, worker: Any, settings: Any) -> None:
    settings.WKHTMLTOPDF_BINARY = "/nowhere/wkhtmltopdf"
    assert client.get("/readyz").json()["missing"] == ["renderer"]

    settings.WKHTMLTOPDF_URL = "http://127.0.0.1:1/"
    assert client.get("/readyz").json()["missing"] == ["renderer"]


def test_they_name_the_database_and_the_redis_that_are_missing(
    client: Client, worker: Any, settings: Any
) -> None:
    """Without the database: its fixture is not asked for, so every query is refused."""
    settings.RQ_QUEUES = {"default": {"URL": "unix:///nowhere/redis.sock"}}
    forget_redis()

    assert client.get("/readyz").json()["missing"] == ["database", "redis", "worker"]


@pytest.fixture
def full_redis(redis: Any) -> Iterator[Any]:
    """Make Redis refuse writes that need memory, as after a long outage of the workers."""
    redis.config_set("maxmemory", 1)
    yield redis
    redis.config_set("maxmemory", 0)


def test_they_name_a_redis_that_takes_no_writes(
    client: Client, db: None, worker: Any, full_redis: Any
) -> None:
    assert full_redis.ping()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["missing"]) == (503, ["redis"])

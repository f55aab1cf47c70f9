"""A service under test: how to look into it, and how to wait for it."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from redis import Redis

from dev.server import client
from dev.server.service import Service


class Reach:
    """The database, the queue and the health of a service."""

    service: Service
    media: Path

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.service.env["DATABASE_URL"], connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def queue(self) -> "Redis":
        return Redis.from_url(self.service.env["REDIS_URL"])

    def readiness(self) -> client.Answer:
        host, port = self.service.address
        return client.get(f"http://{host}:{port}/readyz", self.service.env)

    def is_ready(self) -> bool:
        return self.readiness().status == 200


def kill(victims: Any) -> None:
    """Kill with SIGKILL, and wait until they are gone."""
    victims = list(victims)
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    for victim in victims:
        until(lambda victim=victim: not _runs(victim), "the process is gone")  # type: ignore[misc]


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def until(look: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
    """Look again and again until it is so; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.03)
    return found

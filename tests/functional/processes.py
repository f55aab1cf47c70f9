"""The processes of the Procfile, as a supervisor starts and ends them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from devserver.supervisor import commands
from tests.conftest import TEST_REDIS_DATABASE


def database_address(name: str = "") -> str:
    """Return the test database's address for another process, or that of another one beside it."""
    given = connection.settings_dict
    host = given["OPTIONS"].get("host", given["HOST"])
    options = urlencode({"host": host, "port": given["OPTIONS"].get("port", given["PORT"]) or 5432})
    return f"postgres://{given['USER']}:{given['PASSWORD']}@/{name or given['NAME']}?{options}"


def redis_address() -> str:
    queue = settings.RQ_QUEUES["default"]
    separator = "?db=" if queue["URL"].startswith("unix:") else "/"
    return f"{queue['URL']}{separator}{TEST_REDIS_DATABASE}"


def environment(**variables: str) -> dict[str, str]:
    """Return what a process needs to work on the tests' database, queue and files."""
    programs = str(Path(sys.executable).parent)
    return os.environ | {
        "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
        "DATABASE_URL": database_address(),
        "REDIS_URL": redis_address(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        **variables,
    }


@contextmanager
def running(name: str, log: Path, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run this process of the Procfile in a group of its own; what is left of the group is killed."""
    command = commands((Path(settings.BASE_DIR) / "Procfile").read_text())[name]
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=settings.BASE_DIR,
            env=environment(**variables),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(15)


def within(seconds: float, look: Callable[[], Any]) -> Any:
    """Look again and again until there is something; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def somebody_waits() -> bool:
    """Tell whether a session of the test database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() is not None

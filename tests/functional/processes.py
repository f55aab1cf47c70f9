"""The processes of the Procfile, as a supervisor starts and ends them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from dev.server.supervisor import commands
from tests.support.servers import redis_database


def database_address(name: str = "") -> str:
    """Return the test database's address for another process, or that of another one beside it."""
    given = connection.settings_dict
    host = given["OPTIONS"].get("host", given["HOST"])
    options = urlencode({"host": host, "port": given["OPTIONS"].get("port", given["PORT"]) or 5432})
    return f"postgres://{given['USER']}:{given['PASSWORD']}@/{name or given['NAME']}?{options}"


def redis_address() -> str:
    queue = settings.RQ_QUEUES["default"]
    separator = "?db=" if queue["URL"].startswith("unix:") else "/"
    return f"{queue['URL']}{separator}{redis_database()}"


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

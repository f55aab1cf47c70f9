"""A data folder with its lock, and the servers on it."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from dev.server.errors import DevServerError
from dev.server.kept import KeptProcess
from dev.server.places import DataFolder, make_socket_folder, socket_folder_name
from dev.server.postgres import address as postgres_address
from dev.server.postgres import postgres
from dev.server.redis import address as redis_address
from dev.server.redis import redis


@dataclass
class Embedded:
    """The servers that were started, and the variables that lead to them."""

    variables: dict[str, str] = field(default_factory=dict)
    servers: list[KeptProcess] = field(default_factory=list)
    postgres_sockets: Path | None = None


@contextmanager
def locked(data: DataFolder) -> Iterator[None]:
    """Hold the data folder; one supervisor at a time has it."""
    data.create()
    with data.lock.open("a+") as file:
        if not _take(file):
            file.seek(0)
            raise DevServerError(
                f"The data folder {data.root} is in use by process {file.read().strip() or '(starting)'}: "
                "end that one first, or set FORFAR_DATA_DIR to another folder."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _take(file: TextIO) -> bool:
    for _ in range(3):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)  # is_locked() holds it for a moment
        else:
            return True
    return False


def is_locked(data: DataFolder) -> bool:
    """Whether a supervisor runs on this folder."""
    if not data.lock.exists():
        return False
    with data.lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def servers(data: DataFolder, given: Mapping[str, str], *, durable: bool) -> Iterator[Embedded]:
    """Start what `given` has no address of; the folder's lock must be held."""
    started = Embedded()
    with ExitStack() as stack:
        sockets = make_socket_folder(data.root)
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        if not given.get("DATABASE_URL"):
            started.servers.append(stack.enter_context(postgres(data, sockets, durable=durable)))
            started.variables["DATABASE_URL"] = postgres_address(sockets)
            started.postgres_sockets = sockets
        if not given.get("REDIS_URL"):
            started.servers.append(stack.enter_context(redis(data, sockets, durable=durable)))
            started.variables["REDIS_URL"] = redis_address(sockets)
        yield started


def addresses(data_dir: Path) -> dict[str, str]:
    """Return what embedded() will give for this folder, without starting anything."""
    sockets = socket_folder_name(tempfile.gettempdir(), data_dir, os.getuid())
    return {"DATABASE_URL": postgres_address(sockets), "REDIS_URL": redis_address(sockets)}


@contextmanager
def embedded(
    data_dir: Path, *, durable: bool = True, given: Mapping[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis on `data_dir`; gives DATABASE_URL and REDIS_URL.

    A server whose address is in `given` (often os.environ) is not started. Not durable means fast: an
    unexpected end may lose the data. Raises DevServerError.
    """
    data = DataFolder(data_dir.resolve())
    with locked(data), servers(data, given or {}, durable=durable) as started:
        yield started.variables

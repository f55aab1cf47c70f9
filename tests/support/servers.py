"""A PostgreSQL and a Redis for each process of pytest, unless the environment names servers.

Transaction ids, roles and the horizon belong to a whole cluster, so processes that share one disturb each
other. pytest loads this before Django reads its settings: `-p tests.support.servers` in pyproject.toml.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import NodeManager

from dev.server import addresses, embedded, processes
from dev.server.environment import FOR_TESTS, with_our_python

FOLDER = "FORFAR_TEST_FOLDER"  # where the servers of one run live
OURS = "FORFAR_TEST_SERVERS"  # the variables whose servers this run starts itself
PREFIX = "forfar-tests-"  # then the process that the folder belongs to
LAST_REDIS_DATABASE = 15
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 1024**3  # noqa: S108  the folder below it has a name of its own
ONE_PROCESS_EACH = ("tests/browser/", "tests/faults/")
EXIT_SECONDS = 60  # for processes of xdist that are interrupted, to end their servers
PROCESSES_PER_CPU = 2  # many tests wait for other processes


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the addresses before pytest-django reads the settings; servers() starts what answers there."""
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)  # end the servers too
    os.environ.update(FOR_TESTS | with_our_python(os.environ))
    if FOLDER not in os.environ:
        parent = _fast_folder()
        _remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
        early_config.add_cleanup(lambda: _remove(folder))
        os.environ[FOLDER] = str(folder)
        os.environ[OURS] = " ".join(name for name in addresses(_data()) if not os.environ.get(name))
    os.environ.update(_own_addresses())
    return (yield)


class Scheduling(LoadScopeScheduling):
    """Give each test to the next free process, but keep together what shares a browser or a whole service."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in ONE_PROCESS_EACH if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Take the place of `--dist loadgroup`, whose xdist 3.8 does not mark the groups for pytest 9.2."""
    NodeManager.EXIT_TIMEOUT = EXIT_SECONDS
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)  # before that of xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return what `-n auto` means: one process for single files and for servers that are given."""
    given = len(os.environ[OURS].split()) < len(addresses(_data()))
    if given or not all(Path(argument).is_dir() for argument in config.args):
        return 0
    return PROCESSES_PER_CPU * (os.cpu_count() or 1)


@contextmanager
def running_servers() -> Iterator[None]:
    """Run this process's servers until the end of the block."""
    others = {name: "given elsewhere" for name in addresses(_data()) if name not in _own_addresses()}
    with embedded(_data(), durable=False, given=others):
        yield


def redis_database() -> int:
    """Return the Redis database of this process: on a server that is given, each process takes another."""
    number = int((os.environ.get("PYTEST_XDIST_WORKER") or "gw0").removeprefix("gw"))
    return LAST_REDIS_DATABASE - (0 if "REDIS_URL" in _own_addresses() else number)


def _remove(folder: Path) -> None:
    """Remove the folder of a run; first end what a killed process of xdist has left running."""
    processes.end(processes.marked(FOLDER, str(folder)), signal.SIGTERM, 8.0)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders of runs that were killed: in memory they would be missed soon."""
    for folder in parent.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if folder.stat().st_uid == os.getuid() and not psutil.pid_exists(int(owner)):
            _remove(folder)


def _fast_folder() -> Path:
    """Return a folder in memory, where emptying tables takes a third of the time, if there is room."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


def _own_addresses() -> dict[str, str]:
    ours: Any = os.environ[OURS].split()
    return {name: address for name, address in addresses(_data()).items() if name in ours}


def _data() -> Path:
    return Path(os.environ[FOLDER]) / os.environ.get("PYTEST_XDIST_WORKER", "main")

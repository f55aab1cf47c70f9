"""The processes of the Procfile: started, watched, started again, ended."""

import signal
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from honcho.environ import parse_procfile  # type: ignore[import-untyped]

from dev.server import processes
from dev.server.environment import PROJECT, RUN
from dev.server.errors import DevServerError
from dev.server.kept import KeptProcess

EXTRA_END_SECONDS = 3.0  # on top of the time that the processes give their work
WEB = "web"
ENDS_WHILE_STARTING = 3


def commands(procfile: str) -> dict[str, str]:
    """The Procfile's commands by name."""
    return dict(parse_procfile(procfile).processes)


class Supervisor:
    """Runs commands with one environment; each writes a log of its own, and has time to finish its work."""

    def __init__(self, log: Path, env: Mapping[str, str], *, shutdown_seconds: float) -> None:
        self.log = log
        self.end_seconds = shutdown_seconds + EXTRA_END_SECONDS
        self.env = dict(env)
        self.processes: list[KeptProcess] = []

    def start(self, wanted: Mapping[str, str]) -> None:
        for name, command in wanted.items():
            log = self.log / f"{name}.log"
            self.processes.append(KeptProcess(name, log, partial(self._spawn, command, log)))

    def require_start(self) -> None:
        """Raise DevServerError when the web server ends while starting, or another process several times."""
        for each in self.processes:
            ends = each.restarts + (each.code() is not None)
            if ends >= (1 if each.name == WEB else ENDS_WHILE_STARTING):
                raise DevServerError(each.obituary("ended while starting"))

    def revive(self) -> None:
        """Start again what has ended."""
        for each in self.processes:
            each.revive()

    def stop(self) -> None:
        """End all, and whatever they left behind.

        The web server is told again: a process of granian 2.8 misses a SIGTERM that comes while it starts its
        threads, because another thread takes it and Python 3.11 does not wake the main one. A worker must not
        be told again: it would cut its job. On upgrade: does test_shutdown.py pass without this?
        """
        web = [each.process for each in self.processes if each.name == WEB]
        processes.stop_all([each.process for each in self.processes], self.end_seconds, web)
        end_run(self.env[RUN])

    def _spawn(self, command: str, log: Path) -> "subprocess.Popen[bytes]":
        return processes.spawn(["/bin/sh", "-c", command], log=log, env=self.env, cwd=PROJECT)


def end_run(run: str) -> None:
    """End the processes of one script/server that are still there."""
    processes.end(processes.marked(RUN, run), signal.SIGTERM, 3.0)

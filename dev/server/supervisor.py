"""The processes of the Procfile: started, watched, started again, ended."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import parse_procfile  # type: ignore[import-untyped]

from dev.server import processes
from dev.server.environment import PROJECT, RUN
from dev.server.errors import DevServerError

EXTRA_END_SECONDS = 3.0  # on top of the time that the processes give their work
RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60.0


@dataclass
class Supervised:
    """One process of the Procfile, and how often it was started again."""

    name: str
    command: str
    log: Path
    process: subprocess.Popen[bytes]
    log_size_before: int = 0
    restarts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS))

    def code(self) -> int | None:
        return self.process.poll()


def commands(procfile: str) -> dict[str, str]:
    """The Procfile's commands by name."""
    return dict(parse_procfile(procfile).processes)


class Supervisor:
    """Runs commands with one environment; each writes a log of its own, and has time to finish its work."""

    def __init__(self, log: Path, env: Mapping[str, str], *, shutdown_seconds: float) -> None:
        self.log = log
        self.end_seconds = shutdown_seconds + EXTRA_END_SECONDS
        self.env = dict(env)
        self.processes: list[Supervised] = []

    def start(self, wanted: Mapping[str, str]) -> None:
        for name, command in wanted.items():
            log = self.log / f"{name}.log"
            before = log.stat().st_size if log.exists() else 0
            self.processes.append(Supervised(name, command, log, self._spawn(command, log), before))

    def require_all(self) -> None:
        """Raise DevServerError when one has ended already."""
        for each in self.processes:
            if each.code() is not None:
                raise DevServerError(_obituary(each, "ended while starting"))

    def revive(self) -> None:
        """Start again what has ended; give up on what ends time after time."""
        for each in self.processes:
            if each.code() is None:
                continue
            now = time.monotonic()
            if len(each.restarts) == RESTARTS and now - each.restarts[0] < RESTARTS_WITHIN_SECONDS:
                raise DevServerError(_obituary(each, "ends time after time"))
            each.restarts.append(now)
            processes.say(f"{each.name} ended with {each.code()} and is started again; see {each.log}")
            each.process = self._spawn(each.command, each.log)

    def stop(self) -> None:
        """End all, and whatever they left behind."""
        processes.stop_all([each.process for each in self.processes], self.end_seconds)
        end_run(self.env[RUN])

    def _spawn(self, command: str, log: Path) -> subprocess.Popen[bytes]:
        return processes.spawn(["/bin/sh", "-c", command], log=log, env=self.env, cwd=PROJECT)


def end_run(run: str) -> None:
    """End the processes of one script/server that are still there."""
    processes.end(processes.marked(RUN, run), signal.SIGTERM, 3.0)


def _obituary(each: Supervised, what: str) -> str:
    said = processes.tail(each.log, since=each.log_size_before)
    return f"{each.name} {what} (code {each.code()}); the end of {each.log}:\n{said}"

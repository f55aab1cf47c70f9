"""The processes of the Procfile: started, watched, started again, ended."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import parse_procfile  # type: ignore[import-untyped]

from devserver import processes
from devserver.environment import PROJECT, RUN
from devserver.errors import DevServerError

END_SECONDS = 6.0
RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60.0


@dataclass
class Worker:
    """One process of the Procfile."""

    name: str
    command: str
    log: Path
    process: subprocess.Popen[bytes]
    restarts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS))

    def code(self) -> int | None:
        return self.process.poll()


def commands(procfile: str, concurrency: Mapping[str, int]) -> dict[str, str]:
    """The Procfile's commands by name and number: web.1, worker.1, worker.2."""
    return {
        f"{name}.{number}": command
        for name, command in parse_procfile(procfile).processes.items()
        for number in range(1, concurrency.get(name, 1) + 1)
    }


class Supervisor:
    """Runs commands with one environment; each writes a log of its own."""

    def __init__(self, log: Path, env: Mapping[str, str]) -> None:
        self.log = log
        self.env = dict(env)
        self.workers: list[Worker] = []

    def start(self, wanted: Mapping[str, str]) -> None:
        for name, command in wanted.items():
            log = self.log / f"{name}.log"
            self.workers.append(Worker(name, command, log, self._spawn(command, log)))

    def require_all(self) -> None:
        """Raise DevServerError when one has ended already."""
        for worker in self.workers:
            if worker.code() is not None:
                raise DevServerError(_obituary(worker, "ended while starting"))

    def revive(self) -> None:
        """Start again what has ended; give up on what ends time after time."""
        for worker in self.workers:
            if worker.code() is None:
                continue
            now = time.monotonic()
            if len(worker.restarts) == RESTARTS and now - worker.restarts[0] < RESTARTS_WITHIN_SECONDS:
                raise DevServerError(_obituary(worker, "ends time after time"))
            worker.restarts.append(now)
            processes.say(f"{worker.name} ended with {worker.code()} and is started again; see {worker.log}")
            worker.process = self._spawn(worker.command, worker.log)

    def stop(self) -> None:
        """End all, and whatever they left behind."""
        processes.stop_all([worker.process for worker in self.workers], END_SECONDS)
        end_run(self.env[RUN])

    def _spawn(self, command: str, log: Path) -> subprocess.Popen[bytes]:
        return processes.spawn(["/bin/sh", "-c", command], log=log, env=self.env, cwd=PROJECT)


def end_run(run: str) -> None:
    """End the processes of one script/server that are still there."""
    processes.end(processes.marked(RUN, run), signal.SIGTERM, 3.0)


def _obituary(worker: Worker, what: str) -> str:
    return (
        f"{worker.name} {what} (code {worker.code()}); the end of {worker.log}:\n{processes.tail(worker.log)}"
    )

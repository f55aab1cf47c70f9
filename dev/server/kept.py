"""A process that is kept running: when it ends it is started again, after a pause that grows."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev.server import processes

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
HEALTHY_SECONDS = 60.0  # after so long a run the pauses begin with the shortest again


@dataclass
class Pauses:
    """How long to wait before each restart."""

    failures: int = 0

    def after(self, seconds: float) -> float:
        """Return the pause after a run of so many seconds."""
        self.failures = 1 if seconds >= HEALTHY_SECONDS else self.failures + 1
        doublings = min(self.failures - 1, 10)
        return min(FIRST_PAUSE_SECONDS * float(2**doublings), LONGEST_PAUSE_SECONDS)


class KeptProcess:
    """A process, how to start it, and when to start it again."""

    def __init__(self, name: str, log: Path, spawn: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        self.name, self.log = name, log
        self.restarts = 0
        self._log_size_before = log.stat().st_size if log.exists() else 0
        self._spawn = spawn
        self._pauses = Pauses()
        self._due: float | None = None
        self._started = time.monotonic()
        self.process = spawn()

    def code(self) -> int | None:
        return self.process.poll()

    def revive(self) -> None:
        """Start it again if it has ended and its pause is over. Call this again and again."""
        now = time.monotonic()
        if self._due is None and self.code() is not None:
            self._pause(now, end_in_words(self.process.returncode))
        if self._due is not None and now >= self._due:
            self._start_again(now)

    def obituary(self, what: str) -> str:
        """Tell its end to a person, with the last lines of its log."""
        said = processes.tail(self.log, since=self._log_size_before)
        return f"{self.name} {what} (code {self.code()}); the end of {self.log}:\n{said}"

    def _pause(self, now: float, reason: str) -> None:
        pause = self._pauses.after(now - self._started)
        self._due = now + pause
        processes.say(f"{self.name} {reason}. It starts again in {pause:g} s; its log is {self.log}.")

    def _start_again(self, now: float) -> None:
        self._due, self._started = None, now
        self.restarts += 1
        try:
            self.process = self._spawn()
        except OSError as error:  # for example: no space for its log
            self._pause(now, f"could not be started ({error.strerror})")


def end_in_words(code: int) -> str:
    """Say how a process ended, from Popen's code or a shell's."""
    signum = -code if code < 0 else code - 128
    if signum in set(signal.Signals):
        return f"was killed by {signal.Signals(signum).name}"
    return f"exited with code {code}"

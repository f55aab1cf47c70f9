"""Starting, watching and ending processes of our own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from dev.server import interrupts

LOG_LIMIT_BYTES = 10 * 1024 * 1024
SECONDS_UNTIL_TOLD_AGAIN = 0.5


def say(text: str) -> None:
    """Print a line; a terminal that is gone is no reason to stop halfway."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  it lives as long as we do


def spawn(
    command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that a Ctrl-C in the terminal reaches only us."""
    rotate(log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )


def rotate(log: Path) -> None:
    """Keep one older file beside a log that has grown large."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(log.name + ".1"))


def tail(log: Path, lines: int = 20, since: int = 0) -> str:
    """The last lines of a log, indented for a message; only what came after its first `since` bytes."""
    if not log.exists():
        return ""
    text = log.read_bytes()[since:][-16_384:].decode("utf-8", "replace")
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def signal_group(process: subprocess.Popen[bytes], signum: signal.Signals) -> None:
    """Signal a process that spawn() started, and its children."""
    try:
        os.killpg(process.pid, signum)
    except ProcessLookupError:
        pass
    except PermissionError:  # some systems say so of a group whose last process is a zombie
        process.send_signal(signum)


def stop(process: subprocess.Popen[bytes], *signals: tuple[signal.Signals, float]) -> None:
    """Send one signal after another, each with its seconds of patience, then kill."""
    for signum, patience in signals:
        if process.poll() is not None:
            return
        process.send_signal(signum)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait()


def stop_all(
    processes: Sequence["subprocess.Popen[bytes]"],
    patience: float,
    told_again: Sequence["subprocess.Popen[bytes]"] = (),
) -> None:
    """End whole process groups side by side; tell some of them again and again."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + patience
    again = time.monotonic() + SECONDS_UNTIL_TOLD_AGAIN
    while time.monotonic() < deadline and any(process.poll() is None for process in processes):
        time.sleep(0.03)
        if time.monotonic() >= again:
            again += SECONDS_UNTIL_TOLD_AGAIN
            for process in told_again:
                if process.poll() is None:
                    signal_group(process, signal.SIGTERM)
    for process in processes:
        if process.poll() is None:
            signal_group(process, signal.SIGKILL)
            process.wait()


def running(pid: int, *marks: str) -> psutil.Process | None:
    """The process `pid` if its command line contains each of `marks`: a pid alone proves nothing."""
    try:
        process = psutil.Process(pid)
        command = "\0".join(process.cmdline())
    except psutil.Error:
        return None
    return process if command and all(mark in command for mark in marks) else None


def marked(name: str, value: str) -> list[psutil.Process]:
    """Our processes that were started with the variable `name` set to `value`."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(name) == value:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end(processes: Sequence[psutil.Process], signum: signal.Signals, patience: float) -> None:
    """End processes that are not our children; what outlasts the patience is killed."""
    for process in processes:
        try:
            process.send_signal(signum)
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(processes, timeout=patience)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=5)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Ask `ready` until it says yes; False when the process ends before, or the time runs out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        interrupts.check()
        if process.poll() is not None:
            return False
        if ready():
            return True
        time.sleep(0.03)
    return False

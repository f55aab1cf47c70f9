"""What `manage.py verify_events` takes: time and memory, its child processes included."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from dev.bench.errors import BenchmarkError
from dev.server.environment import PROJECT
from dev.server.service import COMMAND_SECONDS, Service

PAUSE_SECONDS = 0.02
_MB = 1_000_000


def measure_verification(service: Service) -> dict[str, float]:
    """Events a second without the start of the process, and the peak of all its processes' memory in MB.

    Counting memory takes the machine longer than some of the work that is measured: a run of its own.
    """
    start_seconds, _ = _run(service, "1")
    seconds, events = _run(service)
    peak = 0

    def look(pid: int) -> None:
        nonlocal peak
        peak = max(peak, _memory(pid))

    _run(service, look=look)
    return {"verify": events / max(seconds - start_seconds, 0.001), "verify_mb": peak / _MB}


def _run(service: Service, *check_ids: str, look: Callable[[int], None] | None = None) -> tuple[float, int]:
    """Seconds and events, calling `look` meanwhile. Raises BenchmarkError when the log does not hold."""
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "verify_events", "--quiet", *check_ids],
        env=service.env,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        while process.poll() is None:
            if time.perf_counter() - started > COMMAND_SECONDS:
                process.kill()
            if look:
                look(process.pid)
            time.sleep(PAUSE_SECONDS)
        seconds = time.perf_counter() - started
        said = process.stdout.read() if process.stdout else ""
    found = re.search(r"(\d+) events, 0 differences", said)
    if process.returncode or not found:
        raise BenchmarkError(f"verify_events ended with {process.returncode}:\n{said[-2000:]}")
    return seconds, int(found[1])


def _memory(pid: int) -> int:
    """Bytes of a process and its children; what they share is counted once."""
    try:
        process = psutil.Process(pid)
        return sum(_proportional(each) for each in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0


def _proportional(process: psutil.Process) -> int:
    """The resident memory of a process, shared pages in parts; in full where the system does not tell."""
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except FileNotFoundError:
        return int(process.memory_info().rss)
    except OSError:  # it has just ended
        return 0
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0

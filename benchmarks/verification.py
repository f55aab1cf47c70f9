"""What `manage.py verify_events` takes: time and memory."""

import re
import subprocess
import sys
import time

import psutil

from benchmarks.errors import BenchmarkError
from benchmarks.service import COMMAND_SECONDS, Service
from devserver.environment import PROJECT

PAUSE_SECONDS = 0.02
_MB = 1_000_000


def measure_verification(service: Service) -> dict[str, float]:
    """Events a second without the start of the process, and its peak memory in MB."""
    start_seconds, _, _ = _run(service, "1")
    seconds, peak, events = _run(service)
    return {"verify": events / max(seconds - start_seconds, 0.001), "verify_mb": peak / _MB}


def _run(service: Service, *check_ids: str) -> tuple[float, int, int]:
    """Seconds, bytes at the peak, events. Raises BenchmarkError when the log does not hold."""
    started, peak = time.perf_counter(), 0
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
            peak = max(peak, _resident(process.pid))
            time.sleep(PAUSE_SECONDS)
        seconds = time.perf_counter() - started
        said = process.stdout.read() if process.stdout else ""
    found = re.search(r"(\d+) events, 0 differences", said)
    if process.returncode or not found:
        raise BenchmarkError(f"verify_events ended with {process.returncode}:\n{said[-2000:]}")
    return seconds, peak, int(found[1])


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0

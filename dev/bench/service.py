"""The service under measurement: durable servers in a temporary folder, the Procfile's processes on them."""

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from dev.bench.errors import BenchmarkError
from dev.server import embedded
from dev.server.environment import RUN
from dev.server.service import Service, plain_environment
from dev.server.supervisor import end_run

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def booted() -> Iterator[Service]:
    """Run the servers with a migrated database and the printers of the fixture; no process runs yet."""
    with tempfile.TemporaryDirectory(prefix="forfar-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "tmp").mkdir()
        with embedded(folder / "data", durable=True) as variables:
            service = Service(folder, plain_environment(folder, variables))
            try:
                service.manage("migrate", "--verbosity=0")
                service.manage("loaddata", "printers", "--verbosity=0")
                yield service
            finally:
                service.stop()
                end_run(service.env[RUN])


def end_on_signals() -> None:
    """Let SIGTERM and a closed terminal end us the way Ctrl-C does, through every `finally`; only once."""
    for signum in _ENDING:
        signal.signal(signum, _end)


def _end(_signum: int, _frame: FrameType | None) -> None:
    for signum in _ENDING:
        signal.signal(signum, signal.SIG_IGN)
    raise KeyboardInterrupt


def wait(seconds: float, what: str) -> Iterator[None]:
    """Yield until the time is up, with a pause between; then raise BenchmarkError naming `what`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.02)
    raise BenchmarkError(f"{what} took longer than {seconds:.0f} s.")

"""The service under measurement: durable servers in a temporary folder, the Procfile's processes on them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks.errors import BenchmarkError
from devserver import client, embedded, processes
from devserver.environment import PROJECT, RUN, with_our_python
from devserver.supervisor import commands, end_run

HOST = "127.0.0.1"
START_SECONDS = 30.0
COMMAND_SECONDS = 900.0
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Service:
    """Processes of the Procfile by name, with the environment that all of them get."""

    folder: Path
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        return HOST, int(self.env["PORT"])

    def start(self, name: str, command: str = "", variables: Mapping[str, str] | None = None) -> None:
        """Start a process as the Procfile has it, or another command under that name."""
        command = command or commands((PROJECT / "Procfile").read_text())[name]
        log = self.folder / f"{name}.log"
        env = self.env | dict(variables or {})
        self.running[name] = processes.spawn(["/bin/sh", "-c", command], log=log, env=env, cwd=PROJECT)

    def start_web(self, command: str = "", variables: Mapping[str, str] | None = None) -> None:
        """Start the web server, and wait until it answers."""
        self.start("web", command, variables)
        if not processes.wait_until(self._answers, self.running["web"], START_SECONDS):
            raise BenchmarkError(f"The web server did not start:\n{processes.tail(self.folder / 'web.log')}")

    def stop(self, *names: str) -> None:
        """End these processes with their children; all of them where none is named."""
        ended = [self.running.pop(name) for name in names or list(self.running)]
        processes.stop_all(ended, 6.0)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py; raises BenchmarkError when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(  # noqa: S603
            command,
            env=self.env,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        if result.returncode:
            raise BenchmarkError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
        return result.stdout

    def _answers(self) -> bool:
        address = f"http://{HOST}:{self.env['PORT']}/new_checks/"
        return client.get(address, self.env).status in {200, 401}


@contextmanager
def booted() -> Iterator[Service]:
    """Run the servers with a migrated database and the printers of the fixture; no process runs yet."""
    with tempfile.TemporaryDirectory(prefix="forfar-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "tmp").mkdir()
        with embedded(folder / "data", durable=True) as variables:
            service = Service(folder, _environment(folder, variables))
            try:
                service.manage("migrate", "--verbosity=0")
                service.manage("loaddata", "printers", "--verbosity=0")
                yield service
            finally:
                service.stop()
                end_run(service.env[RUN])


def _environment(folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Everything said, so that neither .env nor the shell changes what is measured."""
    return with_our_python(os.environ) | {
        **variables,
        "DJANGO_SETTINGS_MODULE": "forfar.settings",
        "SECRET_KEY": "only-for-benchmarks",
        "DEBUG": "0",
        "TLS": "0",
        "LOG_LEVEL": "INFO",
        "ALLOWED_HOSTS": HOST,
        "CONN_MAX_AGE": "60",
        "ORDER_API_OPEN": "1",
        "MEDIA_ROOT": str(folder / "media"),
        "TMPDIR": str(folder / "tmp"),  # what an interrupted renderer leaves goes with it
        "WKHTMLTOPDF_URL": "",
        "BIND": HOST,
        "PORT": str(free_port()),
        "WEB_CONCURRENCY": "4",
        "WEB_THREADS": "1",
        "RENDER_WORKERS": "2",
        RUN: uuid.uuid4().hex,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


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

"""A service of its own for benchmarks and tests: the Procfile's processes, each started and ended by name."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.server import client, processes
from dev.server.environment import PROJECT, RUN, with_our_python
from dev.server.errors import DevServerError
from dev.server.supervisor import commands

HOST = "127.0.0.1"
START_SECONDS = 30.0
COMMAND_SECONDS = 900.0


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
            raise DevServerError(f"The web server did not start:\n{processes.tail(self.folder / 'web.log')}")

    def stop(self, *names: str) -> None:
        """End these processes with their children; all of them where none is named."""
        ended = [self.running.pop(name) for name in names or list(self.running)]
        processes.stop_all(ended, 6.0)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py; raises DevServerError when it fails."""
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
            raise DevServerError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
        return result.stdout

    def _answers(self) -> bool:
        address = f"http://{HOST}:{self.env['PORT']}/new_checks/"
        return client.get(address, self.env).status in {200, 401}


def plain_environment(folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Everything said, so that neither .env nor the shell changes what is measured or tested."""
    return with_our_python(os.environ) | {
        **variables,
        "DJANGO_SETTINGS_MODULE": "forfar.settings",
        "SECRET_KEY": "only-for-benchmarks-and-tests",
        "DEBUG": "0",
        "TLS": "0",
        "LOG_LEVEL": "INFO",
        "ALLOWED_HOSTS": HOST,
        "CONN_MAX_AGE": "60",
        "ORDER_API_OPEN": "1",
        "MEDIA_ROOT": str(folder / "media"),
        "TMPDIR": str(folder / "tmp"),  # what an interrupted renderer leaves goes with it
        "SEAL_FILE": str(folder / "seals.jsonl"),
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

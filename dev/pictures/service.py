"""The service with the scene in it, on servers of its own in a temporary folder."""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dev.server import DevServerError, embedded
from dev.server.environment import PROJECT, RUN
from dev.server.service import Service, plain_environment
from dev.server.supervisor import end_run

PLAYED_WITHIN_SECONDS = 300


@dataclass
class Stage:
    """A running service; `checks` are the ids of the scene's checks by what is to be seen on them."""

    service: Service
    password: str
    checks: dict[str, int]

    @property
    def address(self) -> str:
        host, port = self.service.address
        return f"http://{host}:{port}"

    def play_nothing(self) -> None:
        """Let there be an administrator and nothing else."""
        self.service.env["DJANGO_SUPERUSER_PASSWORD"] = self.password
        self.service.manage("createsuperuser", "--noinput", "--username=admin", "--email=")

    def play(self, moment: datetime, days: int) -> None:
        """Let the scene happen; raises DevServerError when it does not."""
        done = subprocess.run(
            [sys.executable, "-m", "dev.pictures.play"],
            env=self.service.env
            | {"MOMENT": moment.isoformat(), "DAYS": str(days), "PASSWORD": self.password},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
            timeout=PLAYED_WITHIN_SECONDS,
        )
        if done.returncode:
            raise DevServerError(f"The scene was not played:\n{done.stderr}")
        self.checks = json.loads(done.stdout)


@contextmanager
def staged(folder: Path, **variables: str) -> Iterator[Stage]:
    """Run servers with an empty, migrated database; no process of the service runs yet."""
    folder.chmod(0o711)  # the database's own user passes through
    (folder / "tmp").mkdir()
    with embedded(folder / "data", durable=False) as servers:
        env = plain_environment(folder, servers) | {
            "WEB_CONCURRENCY": "1",
            "RENDER_WORKERS": "1",
            **variables,
        }
        service = Service(folder, env)
        try:
            service.manage("migrate", "--verbosity=0")
            service.manage("collectstatic", "--noinput", "--verbosity=0")
            yield Stage(service, secrets.token_urlsafe(12), {})
        finally:
            service.stop()
            end_run(env[RUN])

"""What `script/server` runs once the packages are installed, on a data folder and a port of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.server import client
from dev.server.environment import PROJECT, RUN, published
from dev.server.places import DataFolder
from dev.server.service import plain_environment
from dev.server.supervisor import end_run
from tests.support.helpers import within

READY = "Ctrl-C ends it."
START_SECONDS = 180.0
CHOSEN_BY_THE_SERVER = ("DATABASE_URL", "REDIS_URL", RUN)


class Served:
    """One script/server and its output."""

    def __init__(self, folder: Path, **variables: str) -> None:
        folder.chmod(0o711)  # the embedded PostgreSQL of a root is run by another user
        (folder / "tmp").mkdir(exist_ok=True)
        self.data = DataFolder(folder / "data")
        self.media = folder / "media"
        self.output = folder / "server.out"
        plain = plain_environment(folder, {})
        self.env = {name: value for name, value in plain.items() if name not in CHOSEN_BY_THE_SERVER}
        self.env |= {"FORFAR_DATA_DIR": str(self.data.root), "DEMO": "0", **variables}

    @property
    def address(self) -> str:
        return f"http://{self.env['BIND']}:{self.env['PORT']}"

    def start(self) -> None:
        """Return when it says that it is ready."""
        command = [sys.executable, "-m", "dev.server", "serve"]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.env, stdout=output, stderr=output, start_new_session=True
            )
        within(START_SECONDS, self._is_up)

    def says(self) -> str:
        return self.output.read_text()

    def readiness(self) -> tuple[int, str]:
        answer = client.get(f"{self.address}/readyz", self.env)
        return answer.status, answer.text

    def stop(self) -> None:
        """End it, and whatever it left if it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if run := published(self.data).get(RUN):
            end_run(run)

    def _is_up(self) -> bool:
        assert self.process.poll() is None, self.says()
        return READY in self.says()


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[Served]:
    served = Served(folder, **variables)
    served.start()
    try:
        yield served
    finally:
        served.stop()

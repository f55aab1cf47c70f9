"""The web process of the Procfile for tests that talk to it."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.server.service import free_port
from order_systems.services import NewToken
from tests.functional.processes import running
from tests.support.helpers import within

JSON = "application/json"


class Web:
    """The running web process, and requests to it as bytes."""

    def __init__(self, port: int, log: Path, pid: int) -> None:
        self.port, self.log, self.pid = port, log, pid

    def send(self, request: str) -> str:
        """Send a request as it stands and return the beginning of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as connected:
            connected.sendall(request.encode())
            return connected.recv(65536).decode("utf-8", "replace")

    def status(self, method: str, address: str, body: str = "", kind: str = JSON, **headers: str) -> int:
        lines = [f"{method} {address} HTTP/1.1"]
        named = {"Host": "localhost", "Connection": "close", **headers}
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
        if body:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body.encode())}"]
        answer = self.send("\r\n".join([*lines, "", body]))
        return int(answer.split(" ", 2)[1])

    def answers(self) -> bool:
        try:
            return self.status("GET", "/healthz") == 200
        except OSError:
            return False


@pytest.fixture
def web(redis: Any, token: NewToken, tmp_path: Path) -> Iterator[Web]:
    port, log = free_port(), tmp_path / "web.log"
    variables = {
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "ORDER_API_OPEN": "0",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "line",
    }
    with running("web", log, **variables) as process:
        web = Web(port, log, process.pid)
        within(60, lambda: web.answers() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield web

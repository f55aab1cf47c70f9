"""An order system's receiver of webhooks: a real HTTP server that fails as it is told to."""

import re
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings

DROP = 0  # instead of a status: take the webhook, and break the connection off before the answer


class Received(NamedTuple):
    """One call: the headers with small names, the body, and the status that it was answered with."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Answers each call with what `answer` says for its number, from 1. While it is down, nobody listens."""

    def __init__(self) -> None:
        self.calls: list[Received] = []
        self.answer: Callable[[int], int] = lambda _number: 200
        self.poison: set[str] = set()  # the ids of webhooks that it cannot digest
        self.answer_headers: dict[str, str] = {}
        self.before_answer: Callable[[], object] = lambda: None
        self.port = _free_port()
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks?x=1"

    @property
    def taken(self) -> list[Received]:
        """The calls that it took in, with the repeats of those whose answer was lost."""
        return [call for call in self.calls if call.status == DROP or 200 <= call.status < 300]

    def up(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def down(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self._lock:
            status = 500 if headers["webhook-id"] in self.poison else self.answer(len(self.calls) + 1)
            self.calls.append(Received(headers, body, status))
        self.before_answer()
        return status


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take({name.lower(): text for name, text in self.headers.items()}, body)
            if status == DROP:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, text in receiver.answer_headers.items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests look at what came, not at lines."""

    return Handler


def verifier(clock: Callable[[], float]) -> Callable[[str, dict[str, str], bytes], bool]:
    """Return the function of docs/webhooks.md as it stands there, with this clock."""
    page = (Path(settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own document
    names["time"] = SimpleNamespace(time=clock)
    verify: Callable[[str, dict[str, str], bytes], bool] = names["verify"]
    return verify


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

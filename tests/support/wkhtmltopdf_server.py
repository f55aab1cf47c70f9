"""A stand-in for the docker image openlabs/docker-wkhtmltopdf-aas, and the ways in which it can go wrong.

Contract of the image: POST {"contents": <base64>, "options": {key: value}} as JSON; each option becomes
`--key value`, or a flag when the value is empty; the answer is the PDF, or an HTML error page with 500.
"""

import base64
import gzip
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ERROR_PAGE = b"<!DOCTYPE HTML><title>500 Internal Server Error</title><h1>Internal Server Error</h1>"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "WkhtmltopdfServer"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.headers["Content-Type"], body))
        self.server.clients.add(self.client_address)
        self.server.behave(self, body)

    def answer(self, status: int, content: bytes, *, kind: str = "application/pdf") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


Behaviour = Callable[[Handler, Any], None]


class WkhtmltopdfServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave = behave
        self.requests: list[tuple[str, Any]] = []
        self.clients: set[tuple[str, int]] = set()
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has given up is what some tests are about."""


def convert(body: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the real binary as the image does: options to arguments, files in and out."""
    arguments = [part for key, value in body["options"].items() for part in (f"--{key}", value) if part]
    return subprocess.run(
        ["wkhtmltopdf", *arguments, "-", "-"],
        input=base64.b64decode(body["contents"], validate=True),
        capture_output=True,
        check=False,
        timeout=60,
    )


def honest(handler: Handler, body: Any) -> None:
    result = convert(body)
    if result.returncode:
        handler.answer(500, ERROR_PAGE, kind="text/html")
    else:
        handler.answer(200, result.stdout)


def error_page(status: int) -> Behaviour:
    def behave(handler: Handler, body: Any) -> None:
        handler.answer(status, ERROR_PAGE, kind="text/html")

    return behave


def redirect(handler: Handler, body: Any) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def truncated(handler: Handler, body: Any) -> None:
    handler.answer(200, convert(body).stdout[:-200])


def empty(handler: Handler, body: Any) -> None:
    handler.answer(200, b"")


def cut_off(handler: Handler, body: Any) -> None:
    """Promise more than is sent, then hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.4")
    handler.close_connection = True


def hang_up(handler: Handler, body: Any) -> None:
    handler.close_connection = True


def drip(handler: Handler, body: Any) -> None:
    """A byte now and then: every single read is quick, and the answer never ends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.stopping.wait(0.02):
        handler.wfile.write(b"%")


def drip_head(handler: Handler, body: Any) -> None:
    """The same before the first line of the answer is complete."""
    handler.close_connection = True
    while not handler.server.stopping.wait(0.02):
        handler.wfile.write(b"H")


def bomb(handler: Handler, body: Any) -> None:
    """A few kilobytes that unpack to many megabytes."""
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    content = gzip.compress(b"%PDF" + b" " * 50_000_000)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def huge(handler: Handler, body: Any) -> None:
    """As many bytes as the client takes, of no announced length."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while not handler.server.stopping.is_set():
        handler.wfile.write(b"%PDF" * 16384)


@contextmanager
def serve(behave: Behaviour = honest) -> Iterator[WkhtmltopdfServer]:
    server = WkhtmltopdfServer(behave)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()

"""An attempt to send a webhook …"""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from readers.webhooks import http
from readers.webhooks.addresses import Target
from readers.webhooks.http import Outcome

Talk = Callable[[socket.socket], None]
HEADERS = {"webhook-id": "1"}


@pytest.fixture(autouse=True)
def _this_machine(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def talker() -> Iterator[Callable[[Talk], str]]:
    """Give the address of a server that does with one connection what it is told to."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def start(talk: Talk) -> str:
            def serve() -> None:
                try:
                    connection, _ = server.accept()
                except OSError:  # the test was over before anybody came, or this thread got its turn
                    return
                with connection:
                    talk(connection)

            threading.Thread(target=serve, daemon=True).start()
            return f"http://127.0.0.1:{server.getsockname()[1]}/"

        yield start


def hear(connection: socket.socket) -> None:
    """Read a request to its end: a server that leaves something unread breaks the connection off."""
    heard = b""
    while not heard.endswith(b"{}"):
        heard += connection.recv(65536)


def say(*parts: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        hear(connection)
        for part in parts:
            connection.sendall(part)

    return talk


def wait_for_the_end(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def drip(connection: socket.socket) -> None:
    """Say one more byte of a header again and again, for ever."""
    hear(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    connection.settimeout(0.02)
    while True:
        try:
            connection.sendall(b"x")
            if not connection.recv(1):
                return
        except TimeoutError:
            continue
        except OSError:
            return


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", Outcome(200)),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Outcome(204)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", Outcome(200)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", Outcome(200)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx", Outcome(200)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", Outcome(200)),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", Outcome(302, "refused")),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome(410, "gone")),
        (b"HTTP/1.1 500 No\r\n\r\n", Outcome(500, "refused")),
        (b"nonsense\r\n\r\n", Outcome(None, "broken_answer")),
        (b"", Outcome(None, "broken_answer")),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n", Outcome(None, "broken_answer")),
    ],
)
def test_it_tells_what_came_of_it(talker: Any, said: bytes, outcome: Outcome) -> None:
    assert http.post(talker(say(said)), HEADERS, b"{}") == outcome


@pytest.mark.parametrize("start", [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n-1\r\n"])
def test_it_reads_no_more_of_an_answer_than_it_has_to(talker: Any, start: bytes) -> None:
    sent = []

    def flood(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + start)
        try:
            for _ in range(1000):
                connection.sendall(b"x" * 1_000_000)
                sent.append(1)
        except OSError:
            return

    assert http.post(talker(flood), HEADERS, b"{}") == Outcome(200)
    assert len(sent) < 100


@pytest.mark.parametrize("talk", [wait_for_the_end, drip])
def test_it_ends_in_time_whatever_the_receiver_does(
    talker: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.3)

    assert http.post(talker(talk), HEADERS, b"{}") == Outcome(None, "timeout")


def test_it_counts_the_time_to_connect(talker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(target: Target) -> list[str]:
        time.sleep(0.2)
        return [target.host]

    monkeypatch.setattr(http, "resolve", slow)
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.1)

    assert http.post(talker(say(b"HTTP/1.1 200 OK\r\n\r\n")), HEADERS, b"{}") == Outcome(None, "timeout")


def test_it_ends_in_time_where_nobody_answers_at_all(talker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)

    assert http.post(talker(wait_for_the_end), HEADERS, b"{}") == Outcome(None, "timeout")


def test_it_says_that_there_is_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert http.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}") == Outcome(None, "no_connection")
    assert http.post("https://" + "a" * 70 + ".example/", HEADERS, b"{}") == Outcome(None, "unknown_name")


def test_it_does_not_go_where_it_must_not(talker: Any, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/8")]
    reached: list[socket.socket] = []
    plain = talker(reached.append)

    assert http.post(plain, HEADERS, b"{}") == Outcome(None, "plain_http_refused")
    tls = plain.replace("http://", "https://")
    assert http.post(tls, HEADERS, b"{}") == Outcome(None, "private_address_refused")
    assert reached == []


def test_it_asks_no_proxy(talker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")

    assert http.post(talker(say(b"HTTP/1.1 200 OK\r\n\r\n")), HEADERS, b"{}") == Outcome(200)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of its own making for `localhost`, with its key."""
    path = tmp_path / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", str(tmp_path / "c.pem")]
    subprocess.run([*command, *names], check=True, capture_output=True)
    with path.open("a") as both:
        both.write((tmp_path / "c.pem").read_text())
    return path


def test_it_verifies_the_certificate_and_its_name(
    talker: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)

    def talk(connection: socket.socket) -> None:
        try:
            with server.wrap_socket(connection, server_side=True) as secured:
                say(b"HTTP/1.1 200 OK\r\n\r\n")(secured)
        except OSError:
            return

    def post(host: str) -> Outcome:
        return http.post(talker(talk).replace("http://127.0.0.1", f"https://{host}"), HEADERS, b"{}")

    assert post("localhost") == Outcome(None, "tls"), "nobody known has signed it"
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(http, "_tls", lambda: trusting)
    assert post("localhost") == Outcome(200)
    assert post("127.0.0.1") == Outcome(None, "tls"), "it is another's"

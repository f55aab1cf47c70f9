"""An HTTP client that costs next to nothing: one connection kept open, requests ready as bytes."""

import socket
from collections.abc import Iterator
from typing import NamedTuple

from dev.bench.errors import BenchmarkError

TIMEOUT_SECONDS = 30.0
_ORDER = (
    '{"id": %d, "price": 780, "point_id": 1, "items": [{"name": "Вкусная пицца", "quantity": 2, '
    '"unit_price": 250}, {"name": "Не менее вкусные роллы", "quantity": 1, "unit_price": 280}], '
    '"address": "г. Уфа, ул. Ленина, д. 42", "client": {"name": "Иван", "phone": 9173332222}}'
)


class Answer(NamedTuple):
    status: int
    body: bytes


def order_body(order_id: int) -> bytes:
    """The contract's example as an order of point 1, which has two printers."""
    return (_ORDER % order_id).encode()


def post_request(order_id: int) -> bytes:
    body = order_body(order_id)
    head = (
        "POST /create_checks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def poll_request(api_key: str) -> bytes:
    return (
        f"GET /new_checks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Api-Key {api_key}\r\n\r\n".encode()
    )


def orders_of(client: int, start: int) -> Iterator[bytes]:
    """Requests that post ever new orders; every client has ids of its own."""
    order_id = start + client * 1_000_000
    while True:
        yield post_request(order_id)
        order_id += 1


def polls_of(client: int) -> Iterator[bytes]:
    """Requests that poll for one printer of point 1 again and again."""
    request = poll_request(f"key{client % 2 + 1}")
    while True:
        yield request


class Connection:
    """A connection that stays open as long as the server lets it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """Send a request and give its answer; once more on a new connection if an idle one was closed."""
        fresh = self._socket is None
        try:
            return self._ask(request)
        except (ConnectionError, BenchmarkError):
            self.close()
            if fresh:
                raise
            return self._ask(request)

    def must(self, request: bytes) -> bytes:
        """Give the body of a 200; raises BenchmarkError for anything else."""
        answer = self.ask(request)
        if answer.status != 200:
            raise BenchmarkError(f"The service answered {answer.status}: {answer.body[:300]!r}")
        return answer.body

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive(self._socket)
        head, _, body = received.partition(b"\r\n\r\n")
        head = head.lower()
        while len(body) < content_length(head):
            body += self._receive(self._socket)
        if b"\r\nconnection: close" in head:
            self.close()
        return Answer(int(head[9:12]), body)

    @staticmethod
    def _receive(connection: socket.socket) -> bytes:
        received = connection.recv(65536)
        if not received:
            raise BenchmarkError("The server closed the connection.")
        return received


def content_length(head: bytes) -> int:
    """The length of the body in bytes, from a head in lower case; raises BenchmarkError without one."""
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise BenchmarkError("The server gave no Content-Length.")

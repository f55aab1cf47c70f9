"""The web process, as the Procfile starts it, and thousands of broken requests …"""

import json
import socket
from contextlib import suppress
from http.client import HTTPResponse, IncompleteRead
from random import Random
from select import select
from typing import Any

import psutil
import pytest

from checks.models import Check
from order_systems.services import NewToken
from tests.functional.malformed.requests import Broken
from tests.functional.web import Web
from tests.support import profiles

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 10
# So long a whole request may take. One that lacks something is then ended; granian drops it without a word.
PATIENCE_SECONDS = 0.2
# Of the second half beside the first: a kilobyte kept of each request would be twice as much.
GROWTH_BYTES = 5_000_000


def ask(web: Web, request: bytes) -> tuple[HTTPResponse, bytes] | None:
    """Send the bytes and nothing more; return the answer, or None where the server just hangs up."""
    with socket.create_connection(("127.0.0.1", web.port), SECONDS) as connected, suppress(ConnectionError):
        with suppress(ConnectionError):  # it has had enough before the end, and may have said why
            connected.sendall(request)
        if not select([connected], [], [], PATIENCE_SECONDS)[0]:
            connected.shutdown(socket.SHUT_WR)
        with HTTPResponse(connected) as answer, suppress(IncompleteRead):
            answer.begin()
            return answer, answer.read()
    return None


def is_refusal_of_ours(request: bytes, answer: HTTPResponse, body: bytes) -> bool:
    """Fail for a fault of ours; tell whether the service itself refused, which it does as it has promised."""
    case = (request[:300], answer.status, body[:300])
    assert answer.status < 500, case
    if answer.status < 400 or not answer.headers["X-Request-ID"]:
        return False
    refusal = json.loads(body)
    assert set(refusal) <= {"error", "code", "details"}, case
    assert isinstance(refusal["error"], str), case
    return True


def memory_of(web: Web) -> int:
    """Return the bytes of memory that all processes of the server hold."""
    server = psutil.Process(web.pid)
    return sum(each.memory_info().rss for each in [server, *server.children(recursive=True)])


def test_it_gets_over_all_of_them(web: Web, printers: Any, order: Any, token: NewToken, redis: Any) -> None:
    assert (
        web.status("POST", "/create_checks/", json.dumps(order), Authorization=f"Bearer {token.secret}")
        == 200
    )
    there = set(Check.objects.values_list("pk", flat=True))
    random = Random(profiles.seed())  # noqa: S311 - nothing secret
    broken = Broken(random, key="key1", token=token.secret)
    count = profiles.examples(240, 10_000)
    memory, refused = [], 0

    for number in range(count):
        request = broken.request(number)
        answer = ask(web, request)
        refused += answer is not None and is_refusal_of_ours(request, *answer)
        if number % (count // 40) == 0:
            memory.append(memory_of(web))

    assert web.status("GET", "/new_checks/", Authorization="Api-Key key1") == 200
    assert refused > count // 3  # most get as far as the service
    assert there <= set(Check.objects.values_list("pk", flat=True))
    # The first quarter warms up: Python's caches and the allocator's arenas fill.
    first, second = max(memory[10:25]), max(memory[25:])
    assert second - first < GROWTH_BYTES, memory

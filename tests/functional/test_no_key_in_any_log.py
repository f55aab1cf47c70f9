"""The web process, as the Procfile starts it, writes no key and no token anywhere …"""

import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from checks.models import Check
from dev.server.service import free_port
from order_systems.models import StoredAnswer
from order_systems.services import NewToken
from printers.models import Printer
from tests.functional.processes import running
from tests.functional.web import JSON, Web

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT, WRONG = "right-4711-Secret_key", "wrong-0815-Secret_key"
WRONG_TOKEN = "ffo_wrong-0815-Secret_token"
FORM = "application/x-www-form-urlencoded"
# What the web server refuses by itself, each with a key where it might be quoted.
BROKEN = [
    f"GET /new_checks/?api_key={WRONG} HTTP/9.9\r\n\r\n",
    f"GET /new_checks/?api_key={WRONG} x HTTP/1.1\r\n\r\n",
    f"GET /new_checks/?api_key={WRONG}\r\n\r\n",
    f"G(T{WRONG} / HTTP/1.1\r\n\r\n",
    f"GET /new_checks/?api_key={WRONG}{'x' * 9000} HTTP/1.1\r\n\r\n",
    f"GET / HTTP/1.1\r\nAuthorization Api-Key {WRONG}\r\n\r\n",
    f"GET / HTTP/1.1\r\nApi-Key {WRONG}: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nAuthorization: Api-Key {WRONG}\x00\r\n\r\n",
    f"GET / HTTP/1.1\r\nA: b\r\n Bearer {WRONG}\r\n\r\n",
    f"GET / HTTP/1.1\r\nExpect: {WRONG}\r\n\r\n",
    f"POST / HTTP/1.1\r\nTransfer-Encoding: {WRONG}\r\n\r\n",
    f"POST / HTTP/1.1\r\nContent-Length: {WRONG}\r\n\r\n",
]


def test_whatever_is_asked_and_however_it_is_refused(
    web: Web, printers: Any, order: Any, token: NewToken, redis: Any
) -> None:
    Printer.objects.filter(pk=1).update(api_key=RIGHT)

    _send_keys_right_and_wrong(web)
    _send_orders(web, json.dumps(order), token.secret)
    _fail(web)
    for request in BROKEN:
        assert re.match(r"HTTP/1\.1 [45]\d\d ", web.send(request)), request
    statuses = [web.status("GET", f"/new_checks/?api_key={WRONG}{number}") for number in range(30)]

    assert statuses[-1] == 429
    log = web.log.read_text()
    for proof in (
        "GET /new_checks/ 200",
        "GET /new_checks/ 401",
        "GET /new_checks/ 429",
        "POST /create_checks/ 200",
        "Internal Server Error: /new_checks/",
        "WHERE api_key = '***",
    ):
        assert proof in log
    for secret in (RIGHT, WRONG, WRONG_TOKEN, token.secret):
        assert secret not in log
        assert secret not in _all_of(redis)


def _send_keys_right_and_wrong(web: Web) -> None:
    for key, status in ((RIGHT, 200), (WRONG, 401)):
        assert web.status("GET", f"/new_checks/?api_key={key}") == status
        assert web.status("GET", "/new_checks/", Authorization=f"Api-Key {key}") == status
        refused = 400 if status == 200 else 401  # no such check
        for body, kind in ((json.dumps({"api_key": key}), JSON), (f"api_key={key}", FORM)):
            assert web.status("POST", "/check/printed/", body, kind) == refused
            assert web.status("POST", "/check/failed/", body, kind, X_Request_ID=key) == refused
        assert web.status("GET", f"/nowhere/?api_key={key}", Referer=f"http://x/?api_key={key}") == 404
        assert web.status("GET", f"/new_checks/?api_key={key}", Host="evil.example") == 400
        assert web.status("PUT", f"/new_checks/?api_key={key}") in {401, 405}
        assert web.status("GET", f"/new_checks/?api_key={key}" + "&a" * 1100) == 400
        assert web.status("GET", f"/admin/?api_key={key}", Cookie=f"sessionid={key}") == 302


def _send_orders(web: Web, order: str, secret: str) -> None:
    bearer = {"Authorization": f"Bearer {secret}", "Idempotency_Key": "k"}
    assert web.status("POST", "/create_checks/", order, **bearer) == 200
    assert web.status("POST", "/create_checks/", order, **bearer) == 200
    assert web.status("GET", "/order_checks/?order_id=123456", **bearer) == 200
    assert web.status("POST", "/create_checks/", order, Authorization=f"Bearer {WRONG_TOKEN}") == 401
    assert web.status("POST", "/create_checks/", order) == 401
    assert web.status("POST", "/create_checks/", "{" + secret, **bearer) == 400
    assert Check.objects.count() == 2
    assert StoredAnswer.objects.count() == 1


def _fail(web: Web) -> None:
    """Have the look-up of a key fail at the key: PostgreSQL quotes the statement around that place."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE printers_printer RENAME api_key TO kept")
        cursor.execute(
            "ALTER TABLE printers_printer ADD api_key json"
        )  # a type that nothing is compared with
        try:
            assert web.status("GET", f"/new_checks/?api_key={RIGHT}") == 500
        finally:
            cursor.execute("ALTER TABLE printers_printer DROP api_key")
            cursor.execute("ALTER TABLE printers_printer RENAME kept TO api_key")


def _all_of(redis: Any) -> str:
    """Return everything that is in Redis, what RQ compresses unpacked."""
    read = {
        b"hash": lambda key: [part for pair in redis.hgetall(key).items() for part in pair],
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"string": lambda key: [redis.get(key)],
    }
    parts = [part for key in redis.keys("*") for part in [key, *read[redis.type(key)](key)]]
    assert any(part.startswith(b"rq:job:render-123456") for part in parts)
    assert any(part.startswith(b"forfar:wrong-keys:") for part in parts)
    return b"\n".join(_unpacked(part) for part in parts).decode("utf-8", "replace")


def _unpacked(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part


def test_it_refuses_to_start_without_a_token_and_says_what_to_do(db: None, tmp_path: Path) -> None:
    log = tmp_path / "web.log"

    with running("web", log, PORT=str(free_port()), ORDER_API_OPEN="0", DEBUG="0") as process:
        assert process.wait(60) != 0

    assert "No order system can get in: make a token with `manage.py order_tokens create" in log.read_text()

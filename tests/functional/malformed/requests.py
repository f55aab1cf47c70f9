"""Requests that are broken in one way or another, as bytes."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.conftest import EXAMPLE_ORDER
from tests.functional.malformed.oddities import (
    BODIES,
    CALLS,
    CHUNKS,
    FORMS,
    HEADERS,
    LENGTHS,
    LINES,
    METHODS,
    ODD,
    QUERIES,
    TYPES,
)


class Broken:
    """Makes the requests of one random sequence, with credentials that let them in."""

    def __init__(self, random: Random, *, key: str, token: str) -> None:
        self.random, self.key, self.token = random, key, token
        self.ways: list[Callable[[], bytes]] = [
            self.noise,
            self.broken_line,
            self.wrong_method,
            self.odd_query,
            self.odd_headers,
            self.huge_headers,
            self.wrong_length,
            self.odd_chunks,
            self.cut_in_the_middle,
            self.flipped_bytes,
            self.wrong_types,
            self.missing_fields,
            self.deep_json,
            self.wrong_encoding,
            self.odd_body,
            self.odd_form,
        ]

    def request(self, number: int) -> bytes:
        return self.ways[number % len(self.ways)]()

    def noise(self) -> bytes:
        return self.random.randbytes(self.random.choice([1, 10, 100, 5000]))

    def broken_line(self) -> bytes:
        line = self.random.choice(LINES)
        return f"{line}\r\nHost: localhost\r\n\r\n".encode("latin-1")

    def wrong_method(self) -> bytes:
        return self._whole(self.random.choice(METHODS), self.random.choice(CALLS)[1], self._order())

    def odd_query(self) -> bytes:
        method, path = self.random.choice(CALLS)
        return self._whole(method, f"{path}?{self.random.choice(QUERIES)}", b"")

    def odd_headers(self) -> bytes:
        lines = self.random.choice(HEADERS)
        method, path = self.random.choice(CALLS)
        return self._whole(method, path, self._order(), extra=lines)

    def huge_headers(self) -> bytes:
        size = self.random.choice([9_000, 70_000, 500_000])
        extra = self.random.choice(
            [
                "X: " + "a" * size,
                "\r\n".join(f"X{each}: y" for each in range(size // 50)),
                "Cookie: " + "a=b;" * size,
            ]
        )
        return self._whole("GET", "/new_checks/", b"", extra=extra)

    def wrong_length(self) -> bytes:
        length = self.random.choice(LENGTHS)
        method, path = self.random.choice(CALLS)
        return self._whole(method, path, self._order(), length=length)

    def odd_chunks(self) -> bytes:
        chunks = self.random.choice(CHUNKS)
        head = self._head(
            "POST", "/create_checks/", "Transfer-Encoding: chunked\r\nContent-Type: application/json"
        )
        return head + chunks

    def cut_in_the_middle(self) -> bytes:
        whole = self._whole("POST", "/create_checks/", self._order())
        return whole[: self.random.randrange(1, len(whole))]

    def flipped_bytes(self) -> bytes:
        whole = bytearray(self._whole(*self.random.choice(CALLS), self._order()))
        for _ in range(self.random.randint(1, 8)):
            whole[self.random.randrange(len(whole))] = self.random.randrange(256)
        return bytes(whole)

    def wrong_types(self) -> bytes:
        order: Any = json.loads(json.dumps(EXAMPLE_ORDER))
        place = self.random.choice([order, order["items"][0], order["client"]])
        place[self.random.choice(list(place))] = self.random.choice(ODD)
        return self._whole("POST", "/create_checks/", json.dumps(order).encode())

    def missing_fields(self) -> bytes:
        order: Any = json.loads(json.dumps(EXAMPLE_ORDER))
        place = self.random.choice([order, order["items"][0], order["client"]])
        del place[self.random.choice(list(place))]
        return self._whole("POST", "/create_checks/", json.dumps(order).encode())

    def deep_json(self) -> bytes:
        depth = self.random.choice([60, 1_000, 100_000])
        left, right = self.random.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"[", b"")])
        return self._whole("POST", "/create_checks/", left * depth + b"1" + right * depth)

    def wrong_encoding(self) -> bytes:
        text = json.dumps({**EXAMPLE_ORDER, "address": "Уфа"}, ensure_ascii=False)
        encoding = self.random.choice(["utf-16", "utf-32", "cp1251", "koi8-r", "utf-8-sig", "utf-7"])
        return self._whole("POST", "/create_checks/", text.encode(encoding))

    def odd_body(self) -> bytes:
        method, path = self.random.choice(CALLS)
        return self._whole(method, path, self.random.choice(BODIES), kind=self.random.choice(TYPES))

    def odd_form(self) -> bytes:
        path = self.random.choice(["/check/printed/", "/check/failed/"])
        return self._whole("POST", path, self.random.choice(FORMS), kind=self.random.choice(TYPES))

    def _order(self) -> bytes:
        """An order that is there already: what is not noticed as broken must not fill the database."""
        return json.dumps(EXAMPLE_ORDER).encode()

    def _head(self, method: str, path: str, extra: str) -> bytes:
        is_of_orders = "create" in path or "order" in path
        credentials = f"Bearer {self.token}" if is_of_orders else f"Api-Key {self.key}"
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: {credentials}",
            "Connection: close",
        ]
        return "\r\n".join([*lines, extra, "", ""]).encode("utf-8", "surrogateescape")

    def _whole(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        kind: str = "application/json",
        length: str = "",
        extra: str = "",
    ) -> bytes:
        announced = f"Content-Type: {kind}\r\nContent-Length: {length or len(body)}"
        return self._head(method, path, f"{extra}\r\n{announced}" if extra else announced) + body

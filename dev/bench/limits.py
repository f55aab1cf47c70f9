"""What the machine allows: the same work with nothing around it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from uuid import uuid4

from django.conf import settings

from checks.integrity.verification.reading import batches, tables
from checks.rendering.document.html import render_html
from checks.rendering.engine.local import LocalRenderer
from dev.bench.client import order_body
from dev.bench.database import connect
from dev.bench.load import Ready, side_by_side, times_a_second
from dev.server.service import Service, free_port
from events.feed.snapshot import one_snapshot
from printers.models import CheckType

WORKERS = 2
_KINDS = (CheckType.KITCHEN.value, CheckType.CLIENT.value)
_EXAMPLE = json.loads(order_body(123456))

_CHECKS = """
INSERT INTO checks_check
    (printer_id, type, "order", order_salt, order_id, status, pdf_file, version, status_changed_at)
VALUES (%s, %s, %s, %s, %s, 'new', '', 1, now()), (%s, %s, %s, %s, %s, 'new', '', 1, now()) RETURNING id
"""
_EVENTS = """
INSERT INTO events_event
    (check_id, version, type, schema_version, data, actor, correlation_id, occurred_at, event_uid, hash,
    prev_hash)
VALUES (%s, 1, 'created', 1, %s, 'order_system', %s, now(), %s, %s, %s),
    (%s, 1, 'created', 1, %s, 'order_system', %s, now(), %s, %s, %s)
"""
_RECORDS = """
INSERT INTO checks_historicalcheck
    (id, printer_id, type, order_id, status, pdf_file, version, status_changed_at, history_date,
    history_change_reason, history_type)
VALUES (%s, %s, %s, %s, 'new', '', 1, now(), now(), 'created', '+'),
    (%s, %s, %s, %s, 'new', '', 1, now(), now(), 'created', '+')
"""


def _renderer(worker: int) -> tuple[LocalRenderer, str]:
    html = render_html(check_type=_KINDS[worker % 2], order=_EXAMPLE).html
    renderer = LocalRenderer(settings.WKHTMLTOPDF_BINARY, settings.RENDER_TIMEOUT_SECONDS)
    renderer.render(html)
    return renderer, html


def two_renders_ms(repeats: int) -> float:
    """The slower of two warm renders that begin together, median in ms."""

    def work(worker: int, ready: Ready) -> list[float]:
        renderer, html = _renderer(worker)
        spent = []
        for _ in range(repeats):
            ready()
            started = time.perf_counter()
            renderer.render(html)
            spent.append((time.perf_counter() - started) * 1000)
        renderer.close()
        return spent

    slower: list[float] = [max(pair) for pair in zip(*side_by_side(WORKERS, work), strict=True)]
    return median(slower)


def orders_rendered_a_second(documents: int) -> float:
    """How many orders of two documents two warm renderers make a second, with nothing else to do."""

    def work(worker: int, ready: Ready) -> float:
        renderer, html = _renderer(worker)
        ready()
        started = time.perf_counter()
        for _ in range(documents):
            renderer.render(html)
        spent = time.perf_counter() - started
        renderer.close()
        return documents / spent

    return sum(side_by_side(WORKERS, work)) / 2


def transactions_a_second(seconds: float) -> float:
    """The rows of an order in one transaction, without hashes or Django; 4 connections."""
    return times_a_second(_transaction, seconds=seconds, count=4)


def _transaction(client: int) -> Callable[[], None]:
    connection, order_ids = connect(), count(10**15 + client * 10**9)
    cursor = connection.cursor()
    salt, digest, zeros = bytes(16), '{"order_digest": "%s"}' % ("0" * 64), bytes(32)

    def write() -> None:
        order_id = next(order_ids)
        body, request = order_body(order_id).decode(), str(uuid4())
        cursor.execute(_CHECKS, [1, "kitchen", body, salt, order_id, 2, "client", body, salt, order_id])
        ids = [row[0] for row in cursor.fetchall()]
        rows = [(check_id, digest, request, str(uuid4()), zeros, zeros) for check_id in ids]
        cursor.execute(_EVENTS, [value for row in rows for value in row])
        pairs = zip(ids, (1, 2), _KINDS, strict=True)
        cursor.execute(_RECORDS, [value for pair in pairs for value in (*pair, order_id)])
        connection.commit()

    return write


@contextmanager
def empty_view(service: Service) -> Iterator[Service]:
    """Serve an empty view with one query, behind the same middleware and the same web server."""
    port = free_port()
    variables = {"DJANGO_SETTINGS_MODULE": "dev.bench.settings", "PORT": str(port)}
    limit = Service(service.folder, service.env | variables)
    try:
        limit.start_web()
        yield limit
    finally:
        limit.stop()


def events_read_a_second() -> float:
    """The rows that verify_events reads, read by two processes and dropped, in events a second."""
    selections = list(batches())

    def read(worker: int, ready: Ready) -> tuple[int, float]:
        ready()
        started, count = time.perf_counter(), 0
        with one_snapshot():
            for selection in selections[worker::WORKERS]:
                _, events, _ = (sum(1 for _ in rows) for rows in tables(selection))
                count += events
        return count, time.perf_counter() - started

    counts = side_by_side(WORKERS, read)
    return sum(events for events, _ in counts) / max(seconds for _, seconds in counts)

"""Finished orders: every check is printed or failed, and nothing has happened for a while.

They are erased and archived as a whole: an order's checks share its data and a PDF, and an order that is sent
again is refused as a whole.
"""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from checks.domain.state import Status
from events.feed.reading import Position

CHECKS_PER_BATCH = 500
ENDED = [Status.PRINTED.value, Status.FAILED.value]

# By the primary key, a batch at a time. status_changed_at spares it the events of most open checks.
CANDIDATES = """
    SELECT id, order_id FROM checks_check
    WHERE id > %s AND status = ANY(%s) AND status_changed_at < %s AND (order_salt = '') = %s
    ORDER BY id LIMIT %s
"""
CHECKS = """
    SELECT checks_check.order_id, checks_check.id, status, order_salt = '', first.occurred_at,
           last.version, last.occurred_at, last.tx_id, last.id
    FROM checks_check
    CROSS JOIN LATERAL (
        SELECT occurred_at FROM events_event WHERE check_id = checks_check.id ORDER BY version LIMIT 1
    ) AS first
    CROSS JOIN LATERAL (
        SELECT version, occurred_at, tx_id, id FROM events_event
        WHERE check_id = checks_check.id ORDER BY version DESC LIMIT 1
    ) AS last
    WHERE order_id = ANY(%s) ORDER BY checks_check.order_id, checks_check.id
"""
COUNT = """
    SELECT count(*) FROM checks_check
    WHERE status = ANY(%s) AND status_changed_at < %s AND (order_salt = '') = %s
"""


class FinishedOrder(NamedTuple):
    """An order nobody waits for. `day` is its creation's in UTC, `last` the position of its last event."""

    order_id: int
    check_ids: tuple[int, ...]
    events: int
    day: date
    last: Position


class _Row(NamedTuple):
    order_id: int
    check_id: int
    status: str
    erased: bool
    first_at: datetime
    version: int
    last_at: datetime
    last_tx_id: int
    last_id: int


def finished_orders(*, before: datetime, erased: bool) -> Iterator[list[FinishedOrder]]:
    """Yield batches of the orders to which nothing has happened since `before`, by their checks' ids.

    With `erased`, the orders whose personal data is gone completely; without it, those that still have some.
    The caller may erase or archive the orders of a batch before it asks for the next one.
    """
    after = 0
    while candidates := _rows(CANDIDATES, after, ENDED, before, erased, CHECKS_PER_BATCH):
        after = candidates[-1][0]
        order_ids = {order_id for _, order_id in candidates}
        first_of = {order_id: check_id for check_id, order_id in reversed(candidates)}
        rows = [_Row(*row) for row in _rows(CHECKS, list(order_ids))]
        orders = [
            _finished(checks)
            for order_id, found in groupby(rows, attrgetter("order_id"))
            if _is_finished(checks := list(found), before, erased=erased)
            and first_of[order_id] == min(row.check_id for row in checks if row.erased is erased)
        ]
        if orders:
            yield sorted(orders, key=attrgetter("check_ids"))


def count_candidates(*, before: datetime, erased: bool) -> int:
    """Return how many checks have to be looked at, for a progress bar; not all are of finished orders."""
    count: int = _rows(COUNT, ENDED, before, erased)[0][0]
    return count


def _is_finished(checks: list[_Row], before: datetime, *, erased: bool) -> bool:
    return all(row.status in ENDED and row.last_at < before for row in checks) and erased is all(
        row.erased for row in checks
    )


def _finished(checks: list[_Row]) -> FinishedOrder:
    return FinishedOrder(
        checks[0].order_id,
        tuple(row.check_id for row in checks),
        sum(row.version for row in checks),
        min(row.first_at for row in checks).astimezone(timezone.utc).date(),
        max(Position(row.last_tx_id, row.last_id) for row in checks),
    )


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

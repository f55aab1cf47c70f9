"""Which orders are closed: every check of theirs is printed or failed, and nothing has happened for long.

An order is the unit: its checks share a PDF and the order's data, and it is refused as a whole when it comes
again.
"""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from checks.domain.state import Status
from events.feed.reading import Position

BATCH = 500  # checks
SETTLED = [Status.PRINTED.value, Status.FAILED.value]

# By the primary key, a batch at a time. status_changed_at spares most of what is open the look at its events.
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


class ClosedOrder(NamedTuple):
    """An order nobody waits for. `day` is that on which it came, in UTC; `last` its last event's place."""

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


def closed_orders(*, before: datetime, erased: bool) -> Iterator[list[ClosedOrder]]:
    """Yield batch after batch of the orders of which nothing has happened since `before`, by checks' ids.

    `erased` asks for those whose personal data is gone altogether; without it for those that still hold
    some. What a caller does to an order of a batch does not hide others.
    """
    after = 0
    while candidates := _rows(CANDIDATES, after, SETTLED, before, erased, BATCH):
        after = candidates[-1][0]
        order_ids = {order_id for _, order_id in candidates}
        first_of = {order_id: check_id for check_id, order_id in reversed(candidates)}
        rows = [_Row(*row) for row in _rows(CHECKS, list(order_ids))]
        orders = [
            _closed(checks)
            for order_id, found in groupby(rows, attrgetter("order_id"))
            if _is_closed(checks := list(found), before, erased=erased)
            and first_of[order_id] == min(row.check_id for row in checks if row.erased is erased)
        ]
        if orders:
            yield sorted(orders, key=attrgetter("check_ids"))


def count_settled(*, before: datetime, erased: bool) -> int:
    """Return how many checks there are to be looked at, of which not all need be of closed orders."""
    count: int = _rows(COUNT, SETTLED, before, erased)[0][0]
    return count


def _is_closed(checks: list[_Row], before: datetime, *, erased: bool) -> bool:
    return all(row.status in SETTLED and row.last_at < before for row in checks) and erased is all(
        row.erased for row in checks
    )


def _closed(checks: list[_Row]) -> ClosedOrder:
    return ClosedOrder(
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

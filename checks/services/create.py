"""An order becomes one check for every printer at its point."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_bytes
from typing import Any, NamedTuple

from django.db import connection, transaction

from checks.domain.commands import Create
from checks.domain.fold import evolve
from checks.domain.lifecycle import decide
from checks.domain.order_digest import SALT_BYTES, order_digest
from checks.domain.projection import COLUMNS, projection
from checks.models import Check
from checks.services import render_queue as queue
from checks.services.write_path import Change, execute_first
from foundation.context import Actor
from foundation.db.insert import Insert
from foundation.db.locks import lock_order
from foundation.errors import ForFarError, gettext_noop

_insert = Insert(Check, (*COLUMNS, "order", "order_salt"), returning="id")
# Written out: Django takes longer to build such a query than PostgreSQL to answer it.
# FOR KEY SHARE waits for a printer that is being deleted, and keeps the others until their checks are there.
_GROUNDS = """
    SELECT EXISTS (SELECT 1 FROM checks_check WHERE order_id = %s)
           OR EXISTS (SELECT 1 FROM events_archivedcheck WHERE order_id = %s),
           printer.id, printer.check_type
    FROM (SELECT 1) AS always
    LEFT JOIN (
        SELECT id, check_type FROM printers_printer WHERE point_id = %s FOR KEY SHARE
    ) AS printer ON true
    ORDER BY printer.id
"""


class PointWithoutPrinterError(ForFarError):
    code = "point_without_printer"
    message = gettext_noop("The point has no printer.")


class OrderExistsError(ForFarError):
    code = "order_exists"
    message = gettext_noop("Checks for this order have been created already.")


class PrinterOfPoint(NamedTuple):
    """What a new check has to know of its printer."""

    id: int
    check_type: str


@transaction.atomic
def create_checks(*, order: Mapping[str, Any], actor: Actor, now: datetime) -> list[Check]:
    """Create the checks of a valid order and ask for their PDFs.

    1. Wait for other requests that create this order; orders with other ids do not wait.
    2. Refuse an order that has checks already, at any point.
    3. Write the checks, their events and their history records with one statement each.
    4. After the commit, enqueue one job for each type of check.

    Raises OrderExistsError or PointWithoutPrinterError before anything is written.
    """
    order_id, point_id = order["id"], int(order["point_id"])
    lock_order(order_id)
    exists, printers = _grounds(order_id, point_id)
    if exists:
        raise OrderExistsError
    if not printers:
        raise PointWithoutPrinterError
    changes = _new_checks(order, point_id, printers, now)
    events = execute_first(changes, actor=actor, now=now)
    checks = [change.check for change in changes]
    queue.enqueue_new_renders_on_commit(
        order_id=order_id,
        check_types=sorted({check.type for check in checks}),
        correlation_id=events[0].correlation_id,
    )
    return checks


def _grounds(order_id: int, point_id: int) -> tuple[bool, list[PrinterOfPoint]]:
    """Say whether the order has checks, in the tables or in the archive, and list the point's printers."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUNDS, [order_id, order_id, point_id])
        rows = cursor.fetchall()
    return rows[0][0], [PrinterOfPoint(*row[1:]) for row in rows if row[1] is not None]


def _new_checks(
    order: Mapping[str, Any], point_id: int, printers: Sequence[PrinterOfPoint], now: datetime
) -> list[Change]:
    """Write a check for each printer with one statement; return the checks with their first commands."""
    rows, commands = [], []
    for printer in printers:
        salt = token_bytes(SALT_BYTES)
        command = Create(
            order_id=str(order["id"]),
            type=printer.check_type,
            printer_id=printer.id,
            point_id=point_id,
            order_digest=order_digest(order, salt),
        )
        (created,) = decide(None, command)
        columns = projection(evolve(None, created, now))
        rows.append({"order": dict(order), "order_salt": salt, **columns})
        commands.append(command)
    ids = _insert(rows)
    checks = (Check(id=check_id, **row) for check_id, row in zip(ids, rows, strict=True))
    return [Change(check, command) for check, command in zip(checks, commands, strict=True)]

"""An order becomes one check for every printer at its point."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_bytes
from typing import Any

from django.db import transaction

from checks.domain.commands import Create
from checks.domain.order_digest import SALT_BYTES, order_digest
from checks.domain.state import Status
from checks.models import Check
from checks.services import render_queue as queue
from checks.services import selectors
from checks.services.selectors import PrinterOfPoint
from checks.services.write_path import Change, execute_first
from foundation.context import Actor
from foundation.db.insert import Insert
from foundation.db.locks import lock_order
from foundation.errors import ForFarError, gettext_noop

_FIELDS = (
    "printer_id",
    "type",
    "order",
    "order_salt",
    "order_id",
    "status",
    "pdf_file",
    "version",
    "status_changed_at",
)
_insert = Insert(Check, _FIELDS, returning="id")


class PointWithoutPrinterError(ForFarError):
    code = "point_without_printer"
    message = gettext_noop("The point has no printer.")


class OrderExistsError(ForFarError):
    code = "order_exists"
    message = gettext_noop("Checks for this order have been created already.")


@transaction.atomic
def create_checks(*, order: Mapping[str, Any], actor: Actor, now: datetime) -> list[Check]:
    """Create the checks of a valid order and ask for their PDFs.

    1. Wait for whoever else is creating this order; orders with other ids are not held up.
    2. Refuse an order that has checks, at whatever point.
    3. Write checks, events and history records, one statement each whatever the number of printers.
    4. After the commit, enqueue one job for each type of check.

    Raises OrderExistsError or PointWithoutPrinterError; then nothing is written.
    """
    order_id, point_id = order["id"], int(order["point_id"])
    lock_order(order_id)
    exists, printers = selectors.grounds_for_checks(order_id=order_id, point_id=point_id)
    if exists:
        raise OrderExistsError
    if not printers:
        raise PointWithoutPrinterError
    checks = _insert_checks(order, printers, now)
    changes = [Change(check, _create_command(check, point_id)) for check in checks]
    events = execute_first(changes, actor=actor, now=now)
    queue.enqueue_new_renders_on_commit(
        order_id=order_id,
        check_types=sorted({check.type for check in checks}),
        correlation_id=events[0].correlation_id,
    )
    return checks


def _insert_checks(order: Mapping[str, Any], printers: list[PrinterOfPoint], now: datetime) -> list[Check]:
    """Write a new check for each printer, all with one statement."""
    shared = {"order": dict(order), "order_id": order["id"], "status": Status.NEW.value, "pdf_file": ""}
    columns = [
        {
            "printer_id": printer.id,
            "type": printer.check_type,
            "order_salt": token_bytes(SALT_BYTES),
            "version": 1,
            "status_changed_at": now,
            **shared,
        }
        for printer in printers
    ]
    ids = _insert(columns)
    return [Check(id=check_id, **each) for check_id, each in zip(ids, columns, strict=True)]


def _create_command(check: Check, point_id: int) -> Create:
    return Create(
        order_id=str(check.order_id),
        type=check.type,
        printer_id=check.printer_id,
        point_id=point_id,
        order_digest=order_digest(check.order, bytes(check.order_salt)),
    )

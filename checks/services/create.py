"""An order becomes one check for every printer at its point."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_bytes
from typing import Any

from django.db import transaction

from checks import queue
from checks.commands import Create
from checks.locks import lock_order
from checks.models import Check, Printer
from checks.order_digest import SALT_BYTES, order_digest
from checks.services.write_path import Change, execute_first
from checks.state import Status
from events.context import Actor
from forfar.errors import ForFarError, gettext_noop


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
    if Check.objects.filter(order_id=order_id).exists():
        raise OrderExistsError
    printers = Printer.objects.filter(point_id=point_id).order_by("id")
    checks = Check.objects.bulk_create(_new_check(printer, order, now) for printer in printers)
    if not checks:
        raise PointWithoutPrinterError
    changes = [Change(check, _create_command(check)) for check in checks]
    events = execute_first(changes, actor=actor, now=now)
    queue.enqueue_new_renders_on_commit(
        order_id=order_id,
        check_types=sorted({check.type for check in checks}),
        correlation_id=events[0].correlation_id,
    )
    return checks


def _new_check(printer: Printer, order: Mapping[str, Any], now: datetime) -> Check:
    return Check(
        printer=printer,
        type=printer.check_type,
        order=order,
        order_salt=token_bytes(SALT_BYTES),
        order_id=order["id"],
        status=Status.NEW.value,
        version=1,
        status_changed_at=now,
    )


def _create_command(check: Check) -> Create:
    return Create(
        order_id=str(check.order_id),
        type=check.type,
        printer_id=check.printer_id,
        point_id=check.printer.point_id,
        order_digest=order_digest(check.order, bytes(check.order_salt)),
    )

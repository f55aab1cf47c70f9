"""Checks with a life of a given course, led through the services."""

from datetime import datetime, timedelta
from typing import Any

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import EXAMPLE_ORDER
from tests.support.helpers import WORKER, expire_leases, record_render

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def order_at(moment: datetime, order_id: int, **changes: Any) -> list[Check]:
    """Create the checks of an order like the example, which is for point 1: a kitchen's and a client's."""
    order = {**EXAMPLE_ORDER, "id": order_id, **changes}
    return services.create_checks(order=order, actor=Actor.order_system(), now=moment)


def render_at(moment: datetime, check: Check) -> None:
    record_render(check.type, now=moment, order_id=check.order_id)


def print_at(moment: datetime, check: Check) -> None:
    services.download_check(printer=check.printer, check_id=check.pk, now=moment)
    services.confirm_print(printer=check.printer, check_id=check.pk, now=moment)


def jam_at(moment: datetime, check: Check, reason: str = "paper jam") -> None:
    services.download_check(printer=check.printer, check_id=check.pk, now=moment)
    services.report_failure(printer=check.printer, check_id=check.pk, reason=reason, now=moment)


def leave_unconfirmed(moment: datetime, check: Check) -> None:
    """Let the check be downloaded, and end the leases that have run out a quarter of an hour later."""
    services.download_check(printer=check.printer, check_id=check.pk, now=moment)
    expire_leases(moment + 15 * MINUTE)


def fail_render(moment: datetime, check: Check) -> None:
    services.record_render_failure(
        check_id=check.pk, reason="bad_order", ms=1, permanent=True, actor=WORKER, now=moment
    )

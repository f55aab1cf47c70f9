"""A week of January at three points, of which everything is known."""

from datetime import datetime, timedelta, timezone
from typing import Any

from checks import services
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import EXAMPLE_ORDER
from tests.support.helpers import expire_leases, record_render

MOSCOW = timezone(timedelta(hours=3))
SYSTEM = Actor.order_system(7)
LEASE = 120  # seconds, LEASE_SECONDS


def moscow(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of January 2026; the 12th is a Monday."""
    return datetime(2026, 1, day, hour, minute, second, tzinfo=MOSCOW)


def after(moment: datetime, seconds: int) -> datetime:
    return moment + timedelta(seconds=seconds)


class Week:
    """Orders as they happen, one after another."""

    def __init__(self, printers: dict[str, Printer], staff: Actor) -> None:
        self.printers = printers
        self.staff = staff
        self.template = "aaaa"

    def order(self, number: int, point: int, at: datetime, *, render: int) -> dict[str, Check]:
        """Create an order, and render it after so many seconds; return its checks by their printers' keys."""
        order = EXAMPLE_ORDER | {"id": number, "point_id": point}
        checks = services.create_checks(order=order, actor=SYSTEM, now=at)
        for kind in {check.type for check in checks}:
            record_render(
                kind,
                now=after(at, render),
                order_id=number,
                ms=1000 * render,
                template=f"{kind}_check.html@{self.template}",
            )
        return {check.printer.api_key: check for check in checks}

    def download(self, check: Check, at: datetime) -> None:
        services.download_check(printer=self._printer(check), check_id=check.pk, now=at)

    def confirm(self, check: Check, at: datetime) -> None:
        services.confirm_print(printer=self._printer(check), check_id=check.pk, now=at)

    def jam(self, check: Check, at: datetime) -> None:
        services.report_failure(printer=self._printer(check), check_id=check.pk, reason="paper jam", now=at)

    def by_hand(self, check: Check, at: datetime) -> None:
        services.mark_printed(check_id=check.pk, actor=self.staff, now=at)

    def print(self, check: Check, at: datetime, *, download: int, confirm: int) -> datetime:
        """Download after so many seconds, confirm after so many more; return when that was."""
        self.download(check, after(at, download))
        self.confirm(check, after(at, download + confirm))
        return after(at, download + confirm)

    def leave(self, check: Check, at: datetime, *, download: int) -> datetime:
        """Download after so many seconds, and let the lease run out; return when it was downloaded."""
        self.download(check, after(at, download))
        assert expire_leases(after(at, download + LEASE)) == 1
        return after(at, download)

    def reprint(self, check: Check, at: datetime, reason: str) -> None:
        services.reprint_check(check_id=check.pk, reason=reason, actor=self.staff, now=at)

    def _printer(self, check: Check) -> Any:
        return next(each for each in self.printers.values() if each.pk == check.printer_id)


def tell(week: Week) -> None:
    """Let the week happen."""
    _monday(week)
    _tuesday(week)
    _wednesday(week)
    week.template = "bbbb"
    _later(week)


def _monday(week: Week) -> None:
    at = moscow(12, 12, 0)
    checks = week.order(1, 1, at, render=1)
    week.print(checks["key1"], after(at, 1), download=2, confirm=10)
    week.print(checks["key2"], after(at, 1), download=5, confirm=20)

    at = moscow(12, 12, 5)
    checks = week.order(2, 1, at, render=1)
    week.print(checks["key1"], after(at, 1), download=2, confirm=80)
    week.print(checks["key2"], after(at, 1), download=2, confirm=5)

    at = moscow(12, 12, 10)
    checks = week.order(3, 1, at, render=1)
    week.print(checks["key2"], after(at, 1), download=2, confirm=5)
    downloaded = week.leave(checks["key1"], after(at, 1), download=2)
    week.by_hand(checks["key1"], after(downloaded, 300))


def _tuesday(week: Week) -> None:
    at = moscow(13, 18, 0)
    checks = week.order(4, 1, at, render=2)
    week.print(checks["key2"], after(at, 2), download=2, confirm=6)
    week.download(checks["key1"], after(at, 4))
    week.jam(checks["key1"], after(at, 9))

    at = moscow(13, 18, 1)
    checks = week.order(5, 2, at, render=1)
    week.print(checks["key3"], after(at, 1), download=2, confirm=10)
    week.print(checks["key4"], after(at, 1), download=2, confirm=10)
    week.leave(checks["key5"], after(at, 1), download=30)


def _wednesday(week: Week) -> None:
    at = moscow(14, 9, 0)
    checks = week.order(6, 3, at, render=3)
    week.download(checks["key6"], after(at, 7))  # which counts as printed
    week.reprint(checks["key6"], after(at, 37), "wet")
    week.download(checks["key6"], after(at, 39))


def _later(week: Week) -> None:
    for number, at in ((7, moscow(15, 20, 0)), (8, moscow(15, 20, 2))):
        checks = week.order(number, 1, at, render=3)
        week.print(checks["key2"], after(at, 3), download=2, confirm=10)
        printed = week.print(checks["key1"], after(at, 3), download=2, confirm=10)
        week.reprint(checks["key1"], after(printed, 60), "torn")
        week.print(checks["key1"], after(printed, 60), download=2, confirm=10)

    at = moscow(16, 12, 0)
    checks = week.order(9, 1, at, render=3)
    week.print(checks["key2"], after(at, 3), download=2, confirm=5)
    downloaded = week.leave(checks["key1"], after(at, 3), download=2)
    week.confirm(checks["key1"], after(downloaded, 130))

    at = moscow(19, 0, 10)  # the next week
    week.print(week.order(10, 1, at, render=1)["key1"], after(at, 1), download=2, confirm=10)

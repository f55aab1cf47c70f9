"""Printers and checks for support staff. A check changes through `checks.services` alone."""

from checks.admin.check.admin import CheckAdmin
from checks.admin.printer.admin import PrinterAdmin

__all__ = ["CheckAdmin", "PrinterAdmin"]

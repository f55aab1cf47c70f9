"""Printers and checks for support staff. A check changes through `checks.services` alone."""

from checks.admin.checks import CheckAdmin
from checks.admin.printers import PrinterAdmin

__all__ = ["CheckAdmin", "PrinterAdmin"]

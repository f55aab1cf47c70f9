"""The use cases that change a check. Each is one transaction, and takes the actor and the moment."""

from checks.services.create import OrderExistsError, PointWithoutPrinterError, create_checks
from checks.services.create_once import create_checks_once
from checks.services.deliver import confirm_print, download_check, report_failure
from checks.services.erase import OrderOpenError, delete_erased_file, erase_check, erase_order
from checks.services.render import record_render, record_render_failure
from checks.services.reprint import reprint_check
from checks.services.support import mark_failed, mark_printed, retry_check
from checks.services.sweep import expire_lease

__all__ = [
    "OrderExistsError",
    "OrderOpenError",
    "PointWithoutPrinterError",
    "confirm_print",
    "create_checks",
    "create_checks_once",
    "delete_erased_file",
    "download_check",
    "erase_check",
    "erase_order",
    "expire_lease",
    "mark_failed",
    "mark_printed",
    "record_render",
    "record_render_failure",
    "report_failure",
    "reprint_check",
    "retry_check",
]

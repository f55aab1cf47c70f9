"""What printers do with their checks: download, confirm, report a failure."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from checks.domain.commands import Command, ConfirmPrint, Download, ReportFailure
from checks.models import Check
from checks.services.write_path import execute_on
from foundation.context import Actor
from printers.models import Printer


@transaction.atomic
def download_check(
    *, printer: Printer, check_id: int, now: datetime, size: int | None = None, file: str | None = None
) -> Check:
    """Record that this printer takes the check's PDF, a `file` of `size` bytes, and return the check.

    Raises CheckNotFoundError for another printer's check, NotRenderedError before there is a PDF,
    DocumentReplacedError where a copy has got another one since, and DocumentMissingError for a file that was
    truncated or overwritten since.
    """
    command = Download(now, printer.delivery, settings.LEASE_SECONDS, size, file)
    return _execute(printer, check_id, command, now)


@transaction.atomic
def confirm_print(*, printer: Printer, check_id: int, now: datetime) -> Check:
    """Record that the check is on paper; a repeat records nothing.

    Raises CheckNotFoundError, NeverDownloadedError, or TransitionRefusedError.
    """
    return _execute(printer, check_id, ConfirmPrint(at=now), now)


@transaction.atomic
def report_failure(*, printer: Printer, check_id: int, reason: str, now: datetime) -> Check:
    """Record that the printer could not print the check; a repeat records nothing.

    Raises CheckNotFoundError, NeverDownloadedError, or TransitionRefusedError.
    """
    return _execute(printer, check_id, ReportFailure(reason=reason), now)


def _execute(printer: Printer, check_id: int, command: Command, now: datetime) -> Check:
    return execute_on(check_id, command, actor=Actor.printer(printer.pk), now=now, printer_id=printer.pk)

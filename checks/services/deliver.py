"""What printers do with their checks: poll, download, confirm, report a failure."""

from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction

from checks.domain.commands import Command, ConfirmPrint, Download, ReportFailure
from checks.domain.refusals import DocumentMissingError, ErasedError, NotRenderedError
from checks.models import Check, CheckNotFoundError
from checks.services.write_path import execute_on
from foundation.context import Actor
from printers.models import Printer

MAX_LISTED = 500

# Written out: Django takes longer to build this query than PostgreSQL to answer it, and 20,000 printers ask
# every five seconds.
_NEW_CHECK_IDS = """
    SELECT id FROM checks_check
    WHERE printer_id = %s AND status = 'rendered' AND lease_expires_at IS NULL
    ORDER BY id LIMIT %s
"""


def new_check_ids(printer: Printer) -> list[int]:
    """Return the ids of the printer's checks that are rendered and not taken, oldest first, at most 500."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_CHECK_IDS, [printer.pk, MAX_LISTED])
        return [row[0] for row in cursor.fetchall()]


def open_document(*, printer: Printer, check_id: int) -> "File[bytes]":
    """Open the PDF of a check of this printer.

    Raises CheckNotFoundError for another printer's check, NotRenderedError before there is a PDF, ErasedError
    after its erasure, and DocumentMissingError if the file is lost.
    """
    check = Check.objects.filter(pk=check_id, printer=printer).only("pdf_file", "order_salt").first()
    if check is None:
        raise CheckNotFoundError
    if check.is_erased:
        raise ErasedError
    if not check.pdf_file:
        raise NotRenderedError
    try:
        document: File[bytes] = check.pdf_file.open("rb")
    except FileNotFoundError as error:
        raise DocumentMissingError from error
    return document


@transaction.atomic
def download_check(
    *, printer: Printer, check_id: int, now: datetime, size: int | None = None, file: str | None = None
) -> Check:
    """Record that this printer takes the check's PDF, a `file` of `size` bytes, and return the check.

    Raises CheckNotFoundError for another printer's check, NotRenderedError before there is a PDF,
    DocumentReplacedError if a reprint has given the check another PDF since it was opened, and
    DocumentMissingError if the file was truncated or overwritten.
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

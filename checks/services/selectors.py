"""What is read of checks, without changing any."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files import File
from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from checks.domain.commands import RecordRender, Reprint
from checks.domain.fold import fold
from checks.domain.lifecycle import decide
from checks.domain.refusals import DocumentMissingError, ErasedError, NotRenderedError
from checks.domain.state import Status
from checks.models import Check, CheckNotFoundError, ErasedFile
from checks.rendering.files import is_stored
from events.log.registry import registry
from events.log.streams import timeline
from events.models import ArchivedCheck, Event
from foundation.errors import ForFarError, gettext_noop
from printers.models import Printer

MAX_LISTED = 500


class RenderKey(NamedTuple):
    """What one render job is about."""

    order_id: int
    check_type: str


# The queries of polls, creates and renders are written out: Django takes longer to put such a query together
# than PostgreSQL to answer it, and 20,000 printers ask every five seconds.
NEW_CHECK_IDS = """
    SELECT id FROM checks_check
    WHERE printer_id = %s AND status = 'rendered' AND lease_expires_at IS NULL
    ORDER BY id LIMIT %s
"""
CHECKS_TO_RENDER = """
    SELECT id, status, "order" FROM checks_check WHERE order_id = %s AND type = %s ORDER BY id
"""
# A printer that is being deleted is waited for, and one that gets a check stays until the check is there.
GROUNDS_FOR_CHECKS = """
    SELECT EXISTS (SELECT 1 FROM checks_check WHERE order_id = %s)
           OR EXISTS (SELECT 1 FROM events_archivedcheck WHERE order_id = %s), printer.id, printer.check_type
    FROM (SELECT 1) AS always
    LEFT JOIN (SELECT id, check_type FROM printers_printer WHERE point_id = %s FOR KEY SHARE) AS printer ON true
    ORDER BY printer.id
"""


class OrderArchivedError(ForFarError):
    """Its checks are in the archive, without personal data; it is never printed again."""

    code = "order_archived"
    message = gettext_noop("The order is in the archive.")


class PrinterOfPoint(NamedTuple):
    """What a new check has to know of its printer."""

    id: int
    check_type: str


def grounds_for_checks(*, order_id: int, point_id: int) -> tuple[bool, list[PrinterOfPoint]]:
    """Say whether the order has checks, be it in the archive, and give the point's printers by their ids."""
    with connection.cursor() as cursor:
        cursor.execute(GROUNDS_FOR_CHECKS, [order_id, order_id, point_id])
        rows = cursor.fetchall()
    return rows[0][0], [PrinterOfPoint(*row[1:]) for row in rows if row[1] is not None]


def new_check_ids(printer: Printer) -> list[int]:
    """Return the ids of the printer's checks that are rendered and not taken, oldest first, at most 500."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_CHECK_IDS, [printer.pk, MAX_LISTED])
        return [row[0] for row in cursor.fetchall()]


def open_document(*, printer: Printer, check_id: int) -> "File[bytes]":
    """Open the PDF of a check of this printer.

    Raises CheckNotFoundError, NotRenderedError before there is one, ErasedError after its erasure, and
    DocumentMissingError when it was lost.
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


def checks_of_order(order_id: int) -> list[Check]:
    """Return the checks of an order; without any raises OrderArchivedError or CheckNotFoundError."""
    checks = list(Check.objects.filter(order_id=order_id).defer("order", "order_salt").order_by("id"))
    if not checks:
        raise OrderArchivedError if is_archived(order_id) else CheckNotFoundError
    return checks


def is_archived(order_id: int) -> bool:
    """Tell whether the order's checks are in the archive."""
    return ArchivedCheck.objects.filter(order_id=order_id).exists()


def archived_check(check_id: int) -> ArchivedCheck | None:
    """Return what is left of a check that is in the archive; None for any other."""
    return ArchivedCheck.objects.filter(pk=check_id).first()


class CheckToRender(NamedTuple):
    """A check that shares a PDF, as far as a worker has to know it."""

    id: int
    status: str
    order: dict[str, Any]

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.NEW.value


def checks_to_render(key: RenderKey) -> list[CheckToRender]:
    """Return all checks of this order and type, which share one PDF."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS_TO_RENDER, key)
        return [CheckToRender(check_id, status, json.loads(order)) for check_id, status, order in cursor]


def waiting_for_render(key: RenderKey) -> list[int]:
    """Return the ids of those of them that are new."""
    return [check.id for check in checks_to_render(key) if check.is_waiting]


def shared_render(key: RenderKey) -> RecordRender | None:
    """Return how another check of this order and type was rendered, if its PDF is still in place and whole.

    Rendering anew would change the bytes under a check that has them on record.
    """
    rendered = Event.objects.filter(
        stream__in=Check.objects.filter(order_id=key.order_id, type=key.check_type).exclude(pdf_file=""),
        type="rendered",
    )
    last = rendered.order_by("-id").values_list("type", "schema_version", "data").first()
    if last is None:
        return None
    render = RecordRender(**vars(registry.decode(*last)))
    return render if is_stored(render.file, render.bytes) else None


class CopyToMake(NamedTuple):
    """What is to be printed as the next paper copy of a check."""

    check_id: int
    order_id: int
    check_type: str
    order: dict[str, Any]
    copy: int


def copy_to_make(check_id: int) -> CopyToMake:
    """Return what a reprint of this check would print, if it were now.

    Raises CheckNotFoundError, or what the lifecycle refuses the reprint with.
    """
    check = Check.objects.filter(pk=check_id).only("order_id", "type", "order").first()
    if check is None:
        raise CheckNotFoundError
    events = timeline(check_id)
    state = fold(
        (registry.decode(each.type, each.schema_version, each.data), each.occurred_at) for each in events
    )
    decide(state, Reprint(reason=""))
    copies = state.copies if state else 0
    return CopyToMake(check_id, check.order_id, check.type, check.order, copies + 1)


def reprints(check_id: int) -> int:
    """Return how often the check was printed again."""
    return Event.objects.filter(stream=check_id, type="reprinted").count()


def overdue_renders(*, now: datetime, after: timedelta, limit: int = 1000) -> dict[RenderKey, UUID]:
    """Return what has been new for so long, oldest first, with the id of the request for it.

    New since a moment that is still to come: the clock was set back, and nobody knows for how long.
    """
    long_enough = Q(status_changed_at__lte=now - after) | Q(status_changed_at__gt=now)
    asked = Event.objects.filter(stream=OuterRef("pk"), type__in=["created", "retried"])
    overdue = (
        Check.objects.filter(long_enough, status=Status.NEW.value)
        .order_by("status_changed_at")
        .values_list("order_id", "type", Subquery(asked.order_by("-version").values("correlation_id")[:1]))
    )
    return {RenderKey(order_id, check_type): request for order_id, check_type, request in overdue[:limit]}


def expired_leases(*, now: datetime, limit: int = 5000) -> list[int]:
    """Return the ids of checks whose lease has run out, the longest first."""
    expired = Check.objects.filter(lease_expires_at__lte=now).order_by("lease_expires_at")
    return list(expired.values_list("id", flat=True)[:limit])


def keeps_pdf(order_id: int, check_type: str) -> bool:
    """Tell whether a check of this order and type is left that is not erased: all of them share one PDF."""
    return Check.objects.filter(order_id=order_id, type=check_type).exclude(order_salt=b"").exists()


def erased_files(*, limit: int = 1000) -> list[str]:
    """Return the names of PDFs that are still to be deleted."""
    return list(ErasedFile.objects.order_by("name").values_list("name", flat=True)[:limit])

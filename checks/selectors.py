"""What is read of checks, without changing any."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import OuterRef, Subquery

from checks.commands import RecordRender
from checks.lifecycle import NotRenderedError
from checks.models import Check, CheckNotFoundError, Printer
from checks.state import Status
from events.models import Event
from forfar.errors import ForFarError, gettext_noop

MAX_LISTED = 500


class DocumentMissingError(ForFarError):
    """The check is rendered, but its file is gone: a fault of ours, or of whoever cleaned the disk."""

    code = "document_missing"
    message = gettext_noop("The PDF of this check cannot be found.")


class RenderKey(NamedTuple):
    """What one render job is about."""

    order_id: int
    check_type: str


def printer_by_key(api_key: str) -> Printer | None:
    return Printer.objects.filter(api_key=api_key).first()


def new_check_ids(printer: Printer) -> list[int]:
    """Return the ids of the printer's checks that are rendered and not taken, oldest first, at most 500."""
    waiting = Check.objects.filter(
        printer=printer, status=Status.RENDERED.value, lease_expires_at__isnull=True
    )
    return list(waiting.order_by("id").values_list("id", flat=True)[:MAX_LISTED])


def open_document(*, printer: Printer, check_id: int) -> "File[bytes]":
    """Open the PDF of a check of this printer.

    Raises CheckNotFoundError, NotRenderedError before there is one, DocumentMissingError when it was lost.
    """
    check = Check.objects.filter(pk=check_id, printer=printer).only("pdf_file").first()
    if check is None:
        raise CheckNotFoundError
    if not check.pdf_file:
        raise NotRenderedError
    try:
        document: File[bytes] = check.pdf_file.open("rb")
    except FileNotFoundError as error:
        raise DocumentMissingError from error
    return document


def checks_of_order(order_id: int) -> list[Check]:
    """Return the checks of an order; raises CheckNotFoundError where there are none."""
    checks = list(Check.objects.filter(order_id=order_id).defer("order", "order_salt").order_by("id"))
    if not checks:
        raise CheckNotFoundError
    return checks


def order_to_render(key: RenderKey) -> dict[str, Any] | None:
    """Return the order while a check of it and this type is new, else None: somebody was faster."""
    waiting = Check.objects.filter(
        order_id=key.order_id, type=key.check_type, status=Status.NEW.value
    ).order_by("id")
    order: dict[str, Any] | None = waiting.values_list("order", flat=True).first()
    return order


def shared_render(key: RenderKey) -> RecordRender | None:
    """Return how another check of this order and type was rendered, if its PDF is still in place.

    Rendering anew would change the bytes under a check that has them on record.
    """
    rendered = Event.objects.filter(
        stream__in=Check.objects.filter(order_id=key.order_id, type=key.check_type).exclude(pdf_file=""),
        type="rendered",
    )
    data = rendered.order_by("-id").values_list("data", flat=True).first()
    if data is None or not default_storage.exists(data["file"]):
        return None
    return RecordRender(**data)


def overdue_renders(*, before: datetime, limit: int = 1000) -> dict[RenderKey, UUID]:
    """Return what has been new since `before` or longer, oldest first, with the creating request's id."""
    created = Event.objects.filter(stream=OuterRef("pk"), version=1)
    overdue = (
        Check.objects.filter(status=Status.NEW.value, status_changed_at__lte=before)
        .order_by("status_changed_at")
        .values_list("order_id", "type", Subquery(created.values("correlation_id")))
    )
    return {RenderKey(order_id, check_type): request for order_id, check_type, request in overdue[:limit]}

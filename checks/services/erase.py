"""Erasing personal data. What happened to the checks stays."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import Erase
from checks.domain.personal_data import erased_fields, without_personal_data
from checks.domain.state import Status
from checks.models import Check, CheckNotFoundError, ErasedFile
from checks.rendering.files import copy_name, delete_pdf, exists, pdf_name
from checks.services.order_checks import checks_of_order
from checks.services.write_path import execute, lock
from events.models import Event
from foundation.context import Actor
from foundation.db.locks import lock_order
from foundation.errors import ForFarError, gettext_noop

FIRST_COPY = 2
MOST_FILES = 1000  # at once


class OrderOpenError(ForFarError):
    """Somebody still waits for a paper of this order."""

    code = "order_open"
    message = gettext_noop("The order has checks that are neither printed nor failed.")


def erase_order(*, order_id: int, actor: Actor, now: datetime) -> list[Check]:
    """Erase the personal data of an order, and return its checks; a repeat completes an interrupted erasure.

    Each check has its own transaction, so that the feed keeps its order. Raises CheckNotFoundError or
    OrderOpenError before anything is erased. Raises TransitionRefusedError if a check is retried or reprinted
    meanwhile.
    """
    checks = checks_of_order(order_id)
    if any(check.status in {Status.NEW.value, Status.RENDERED.value} for check in checks):
        raise OrderOpenError
    return [erase_check(check_id=check.pk, order_id=order_id, actor=actor, now=now) for check in checks]


@transaction.atomic
def erase_check(*, check_id: int, order_id: int, actor: Actor, now: datetime) -> Check:
    """Erase the personal data of one check of this order; a repeat records nothing.

    1. Wait for others that erase or render a check of this order: they may share a PDF.
    2. Record it, empty the order's personal fields and drop the salt, without which the digest in the log
       says nothing.
    3. Note which files are to be deleted: those of the check's copies, and the shared PDF if no other check
       needs it. They are deleted after the commit; if that fails, the sweeper does it.
    """
    lock_order(order_id)
    check = lock(check_id)
    if check is None or check.order_id != order_id:
        raise CheckNotFoundError
    execute(check, Erase(erased_fields(check.order)), actor=actor, now=now)
    check.order, check.order_salt = without_personal_data(check.order), b""
    Check.objects.filter(pk=check.pk).update(order=check.order, order_salt=check.order_salt)
    for name in _files_of(check):
        ErasedFile.objects.get_or_create(name=name)
        _delete_on_commit(name)
    return check


def _delete_on_commit(name: str) -> None:
    transaction.on_commit(lambda: delete_erased_file(name=name), robust=True)


def _files_of(check: Check) -> list[str]:
    """Name the PDFs that nobody needs any more.

    There may be one copy more than is on record, of a reprint that crashed between its file and its commit.
    """
    copies = range(FIRST_COPY, FIRST_COPY + _reprints(check.pk) + 1)
    own = [copy_name(check.order_id, check.type, check.pk, copy) for copy in copies]
    found = [name for name in own if exists(name)]
    if not _is_pdf_needed(check.order_id, check.type):
        found.append(pdf_name(check.order_id, check.type))
    return found


def _reprints(check_id: int) -> int:
    return Event.objects.filter(stream=check_id, type="reprinted").count()


def _is_pdf_needed(order_id: int, check_type: str) -> bool:
    """Tell whether a check of this order and type is not erased yet: they all share one PDF."""
    return Check.objects.filter(order_id=order_id, type=check_type).exclude(order_salt=b"").exists()


def erased_files() -> list[str]:
    """Return the names of PDFs that are still to be deleted."""
    return list(ErasedFile.objects.order_by("name").values_list("name", flat=True)[:MOST_FILES])


def delete_erased_file(*, name: str) -> None:
    """Delete a PDF of erased checks, and then the note about it; a repeat does no harm."""
    delete_pdf(name)
    ErasedFile.objects.filter(name=name).delete()

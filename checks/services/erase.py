"""A person's data leaves the service; what happened to the checks stays."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import Erase
from checks.domain.personal_data import erased_fields, without_personal_data
from checks.domain.state import Status
from checks.models import Check, CheckNotFoundError, ErasedFile
from checks.rendering.files import copy_name, delete_pdf, exists, pdf_name
from checks.services import selectors
from checks.services.write_path import execute, lock
from foundation.context import Actor
from foundation.db.locks import lock_order
from foundation.errors import ForFarError, gettext_noop

FIRST_COPY = 2


class OrderOpenError(ForFarError):
    """Somebody still waits for the order's paper."""

    code = "order_open"
    message = gettext_noop("The order has checks that are neither printed nor failed.")


def erase_order(*, order_id: int, actor: Actor, now: datetime) -> list[Check]:
    """Erase the personal data of an order, and return its checks; a repeat completes what a crash left over.

    One transaction a check, as the feed wants it. Raises CheckNotFoundError, or OrderOpenError before
    anything is erased; TransitionRefusedError when a check is opened again meanwhile.
    """
    checks = selectors.checks_of_order(order_id)
    if any(check.status in {Status.NEW.value, Status.RENDERED.value} for check in checks):
        raise OrderOpenError
    return [erase_check(check_id=check.pk, order_id=order_id, actor=actor, now=now) for check in checks]


@transaction.atomic
def erase_check(*, check_id: int, order_id: int, actor: Actor, now: datetime) -> Check:
    """Erase the personal data of one check of this order; a repeat records nothing.

    1. Wait for whoever erases or renders another check of the order: they may share a PDF.
    2. Record it, empty the order's personal fields, drop the salt: its digest in the log then says nothing.
    3. Note down which files are to be deleted, and delete them after the commit: those of its copies, and the
       shared one when it was the last that had it. If that fails, the sweeper does it.
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

    One copy more than is on record may be there: of a reprint that died between its file and its commit.
    """
    copies = range(FIRST_COPY, FIRST_COPY + selectors.reprints(check.pk) + 1)
    own = [copy_name(check.order_id, check.type, check.pk, copy) for copy in copies]
    found = [name for name in own if exists(name)]
    if not selectors.keeps_pdf(check.order_id, check.type):
        found.append(pdf_name(check.order_id, check.type))
    return found


def delete_erased_file(*, name: str) -> None:
    """Delete a PDF of erased checks, and then the note that it is to be deleted; a repeat does no harm."""
    delete_pdf(name)
    ErasedFile.objects.filter(name=name).delete()

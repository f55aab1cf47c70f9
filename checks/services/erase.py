"""A person's data leaves the service; what happened to the checks stays."""

from datetime import datetime

from django.db import transaction

from checks import selectors
from checks.commands import Erase
from checks.locks import lock_order
from checks.models import Check, CheckNotFoundError, ErasedFile
from checks.personal_data import erased_fields, without_personal_data
from checks.rendering.files import delete_pdf, pdf_name
from checks.services.write_path import execute, lock
from checks.state import Status
from events.context import Actor
from forfar.errors import ForFarError, gettext_noop


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
    3. When it was the last that had the PDF, note down that the file is to be deleted, and delete it after
       the commit. If that fails, the sweeper does it.
    """
    lock_order(order_id)
    check = lock(check_id)
    if check is None or check.order_id != order_id:
        raise CheckNotFoundError
    execute(check, Erase(erased_fields(check.order)), actor=actor, now=now)
    check.order, check.order_salt = without_personal_data(check.order), b""
    Check.objects.filter(pk=check.pk).update(order=check.order, order_salt=check.order_salt)
    if not selectors.keeps_pdf(order_id, check.type):
        name = pdf_name(order_id, check.type)
        ErasedFile.objects.get_or_create(name=name)
        transaction.on_commit(lambda: delete_erased_file(name=name), robust=True)
    return check


def delete_erased_file(*, name: str) -> None:
    """Delete a PDF of erased checks, and then the note that it is to be deleted; a repeat does no harm."""
    delete_pdf(name)
    ErasedFile.objects.filter(name=name).delete()

"""Changing a printer's key."""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from foundation.attribution import attribute
from foundation.context import Actor
from printers.models import Printer, PrinterNotFoundError

NEW_KEY = "new api_key"


class NewKey(NamedTuple):
    """A printer and its new key, which is not shown again."""

    printer: Printer
    api_key: str


@sensitive_variables()
@transaction.atomic
def renew_api_key(*, printer_id: int, actor: Actor, now: datetime) -> NewKey:
    """Give the printer another key. The old one stops working with this commit.

    The history says when and by whom, but has no keys. Raises PrinterNotFoundError.
    """
    printer = Printer.objects.select_for_update().filter(pk=printer_id).first()
    if printer is None:
        raise PrinterNotFoundError
    printer.api_key = secrets.token_urlsafe(32)
    attribute(printer, reason=NEW_KEY, actor=actor, at=now)
    printer.save(update_fields=["api_key"])
    return NewKey(printer, printer.api_key)

"""What happens to a check because time has passed."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import ExpireLease
from checks.services.write_path import execute, lock
from foundation.context import Actor


@transaction.atomic
def expire_lease(*, check_id: int, now: datetime) -> bool:
    """End a lease that ran out, as its printer's delivery has it, and say whether that was needed.

    A check that another sweeper or its printer holds at this moment is left to the next run.
    """
    check = lock(check_id, skip_locked=True)
    if check is None:
        return False
    command = ExpireLease(at=now, delivery=check.printer.delivery)
    return bool(execute(check, command, actor=Actor.sweeper(), now=now))

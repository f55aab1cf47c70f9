"""What happens to a check because time has passed."""

from datetime import datetime

from django.db import transaction

from checks.commands import ExpireLease
from checks.services.write_path import Change, execute, locked
from events.context import Actor

BATCH = 500


@transaction.atomic
def expire_leases(*, now: datetime) -> int:
    """End up to 500 leases that ran out, each as its printer's delivery has it; return how many.

    Checks that another sweeper or a printer holds at this moment are left to the next run.
    """
    due = locked().select_for_update(no_key=True, skip_locked=True, of=("self",))
    checks = due.filter(lease_expires_at__lte=now)[:BATCH]
    changes = [Change(check, ExpireLease(at=now, delivery=check.printer.delivery)) for check in checks]
    return len(execute(changes, actor=Actor.sweeper(), now=now))

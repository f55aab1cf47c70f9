"""What happens to a check because time has passed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from checks.domain.commands import ExpireLease
from checks.domain.state import Status
from checks.models import Check
from checks.services.render import RenderKey
from checks.services.write_path import execute, lock
from events.models import Event
from foundation.context import Actor

MOST_RENDERS = 1000  # at once
MOST_LEASES = 5000


def overdue_renders(*, now: datetime, after: timedelta) -> dict[RenderKey, UUID]:
    """Return the renders of checks that have been new for longer than `after`, the oldest first.

    Each comes with the id of the request that asked for it. A check that is new since a future moment counts
    too: the clock was set back, and nobody knows how far.
    """
    long_enough = Q(status_changed_at__lte=now - after) | Q(status_changed_at__gt=now)
    asked = Event.objects.filter(stream=OuterRef("pk"), type__in=["created", "retried"])
    overdue = (
        Check.objects.filter(long_enough, status=Status.NEW.value)
        .order_by("status_changed_at")
        .values_list("order_id", "type", Subquery(asked.order_by("-version").values("correlation_id")[:1]))
    )
    rows = overdue[:MOST_RENDERS]
    return {RenderKey(order_id, check_type): request for order_id, check_type, request in rows}


def expired_leases(*, now: datetime) -> list[int]:
    """Return the ids of checks whose lease has run out, the oldest lease first."""
    expired = Check.objects.filter(lease_expires_at__lte=now).order_by("lease_expires_at")
    return list(expired.values_list("id", flat=True)[:MOST_LEASES])


@transaction.atomic
def expire_lease(*, check_id: int, now: datetime) -> bool:
    """End a lease that ran out, according to its printer's delivery, and say whether that was needed.

    A check that another sweeper or its printer has locked at this moment is left to the next run.
    """
    check = lock(check_id, skip_locked=True)
    if check is None:
        return False
    command = ExpireLease(at=now, delivery=check.printer.delivery)
    return bool(execute(check, command, actor=Actor.sweeper(), now=now))

"""What a worker records of a rendering. All checks of one order and type share one PDF and one outcome."""

from datetime import datetime

from django.db import transaction

from checks.commands import RecordRender, RecordRenderFailure
from checks.models import Check
from checks.services.write_path import Change, execute, locked
from checks.state import Status
from events.context import Actor

MAX_RENDER_ATTEMPTS = 4  # the first, and three more, 1, 5 and 15 s later


@transaction.atomic
def record_render(
    *, order_id: int, check_type: str, render: RecordRender, actor: Actor, now: datetime
) -> list[Check]:
    """Mark the order's new checks of this type as rendered and return them; none the second time."""
    checks = _waiting(order_id, check_type)
    execute([Change(check, render) for check in checks], actor=actor, now=now)
    return checks


@transaction.atomic
def record_render_failure(
    *, order_id: int, check_type: str, reason: str, ms: int, permanent: bool, actor: Actor, now: datetime
) -> bool:
    """Record a failed attempt, and return whether another one is worth while.

    A permanent failure and the last attempt also make the checks failed.
    """
    command = RecordRenderFailure(reason, ms, permanent, MAX_RENDER_ATTEMPTS)
    checks = _waiting(order_id, check_type)
    execute([Change(check, command) for check in checks], actor=actor, now=now)
    return any(check.status == Status.NEW.value for check in checks)


def _waiting(order_id: int, check_type: str) -> list[Check]:
    return list(locked().filter(order_id=order_id, type=check_type, status=Status.NEW.value))

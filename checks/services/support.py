"""What support staff can do with a check when the machines are at their end."""

from datetime import datetime

from django.db import transaction

from checks import queue
from checks.commands import Command, MarkFailed, MarkPrinted, Reprint, Retry
from checks.models import Check, CheckNotFoundError
from checks.services.write_path import Change, execute, locked
from events.context import Actor, current_correlation_id


@transaction.atomic
def retry_check(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Render a check again whose rendering failed. Raises TransitionRefusedError in any other state."""
    check = _execute(check_id, Retry(reason), actor, now)
    queue.enqueue_renders_on_commit(
        order_id=check.order_id, check_types=[check.type], correlation_id=current_correlation_id()
    )
    return check


@transaction.atomic
def reprint_check(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Offer a printed, failed or unconfirmed check to its printer once more."""
    return _execute(check_id, Reprint(reason), actor, now)


@transaction.atomic
def mark_printed(*, check_id: int, actor: Actor, now: datetime) -> Check:
    """Record that a person saw the paper of a check that no printer confirmed."""
    return _execute(check_id, MarkPrinted(), actor, now)


@transaction.atomic
def mark_failed(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Take a check out of the way that cannot or need not be printed."""
    return _execute(check_id, MarkFailed(reason), actor, now)


def _execute(check_id: int, command: Command, actor: Actor, now: datetime) -> Check:
    check = locked().filter(pk=check_id).first()
    if check is None:
        raise CheckNotFoundError
    execute([Change(check, command)], actor=actor, now=now)
    return check

"""What support staff can do with a check by hand, besides a reprint."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import MarkFailed, MarkPrinted, Retry
from checks.models import Check
from checks.services import render_queue as queue
from checks.services.write_path import execute_on
from foundation.context import Actor, current_correlation_id


@transaction.atomic
def retry_check(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Have a failed check rendered again, also if its PDF was lost; refused in any other state."""
    check = execute_on(check_id, Retry(reason), actor=actor, now=now)
    queue.enqueue_render_on_commit(
        order_id=check.order_id, check_type=check.type, correlation_id=current_correlation_id()
    )
    return check


@transaction.atomic
def mark_printed(*, check_id: int, actor: Actor, now: datetime) -> Check:
    """Record that somebody saw the paper of a check that no printer confirmed."""
    return execute_on(check_id, MarkPrinted(), actor=actor, now=now)


@transaction.atomic
def mark_failed(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Give up a check that cannot or need not be printed."""
    return execute_on(check_id, MarkFailed(reason), actor=actor, now=now)

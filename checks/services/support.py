"""What support staff can do with a check when the machines are at their end."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import MarkFailed, MarkPrinted, Reprint, Retry
from checks.domain.state import UNMARKED
from checks.models import Check
from checks.rendering.produce import Rendering
from checks.services import render_queue as queue
from checks.services.write_path import execute_on
from foundation.context import Actor, current_correlation_id


@transaction.atomic
def retry_check(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Have a failed check rendered anew, also one whose PDF was lost; refused in any other state."""
    check = execute_on(check_id, Retry(reason), actor=actor, now=now)
    queue.enqueue_render_on_commit(
        order_id=check.order_id, check_type=check.type, correlation_id=current_correlation_id()
    )
    return check


@transaction.atomic
def reprint_check(
    *,
    check_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    copy: int | None = None,
    rendering: Rendering | None = None,
    unmarked: str = UNMARKED,
) -> Check:
    """Offer a printed, failed or unconfirmed check to its printer once more.

    1. Lock the check, and refuse it if its next paper is not `copy`: somebody was faster.
    2. Record the copy with its own PDF; without one (`unmarked` says why) the PDF of before is offered.
    3. Store the file under the lock: nobody else writes a file of this name, and an erasure waits.

    Raises CopyTakenError, TransitionRefusedError, ErasedError, or RenderError (storage); then nothing is
    recorded.
    """
    command = Reprint(reason, copy, rendering.command if rendering else None, unmarked)
    check = execute_on(check_id, command, actor=actor, now=now)
    if rendering is not None:
        rendering.store()
    return check


@transaction.atomic
def mark_printed(*, check_id: int, actor: Actor, now: datetime) -> Check:
    """Record that a person saw the paper of a check that no printer confirmed."""
    return execute_on(check_id, MarkPrinted(), actor=actor, now=now)


@transaction.atomic
def mark_failed(*, check_id: int, reason: str, actor: Actor, now: datetime) -> Check:
    """Take a check out of the way that cannot or need not be printed."""
    return execute_on(check_id, MarkFailed(reason), actor=actor, now=now)

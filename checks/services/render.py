"""What a worker records of a rendering. All checks of one order and type share one PDF."""

from datetime import datetime

from django.db import transaction

from checks.domain.commands import RecordRenderFailure
from checks.domain.state import Status
from checks.rendering.produce import Rendering
from checks.services import selectors
from checks.services.selectors import RenderKey
from checks.services.write_path import execute, lock
from foundation.context import Actor
from foundation.db.locks import lock_order
from foundation.jobs.queues import RETRY_PAUSES_SECONDS

MAX_RENDER_ATTEMPTS = 1 + len(RETRY_PAUSES_SECONDS)


@transaction.atomic
def record_render(
    *,
    check_id: int,
    rendering: Rendering | None,
    shared_with: RenderKey | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Store the PDF and mark the check as rendered; say whether that was still to be done.

    1. Where other checks share the PDF (`shared_with`), wait for whoever records one of them. If one is
       rendered and its PDF in place, take that: its bytes are on record.
    2. Lock the check, and leave it alone unless it is new.
    3. Store the file under the locks, so that two renderings cannot overwrite each other; record it.

    Raises RenderError (storage); then nothing is recorded.
    """
    shared = None
    if shared_with is not None:
        lock_order(shared_with.order_id)
        shared = selectors.shared_render(shared_with)
    check = lock(check_id)
    if check is None or check.status != Status.NEW.value:
        return False
    if shared is not None:
        execute(check, shared, actor=actor, now=now)
    elif rendering is not None:
        execute(check, rendering.store(), actor=actor, now=now)
    else:  # what was to be shared has just gone; the sweeper asks again
        return False
    return True


@transaction.atomic
def record_render_failure(
    *, check_id: int, reason: str, ms: int, permanent: bool, actor: Actor, now: datetime
) -> bool:
    """Record a failed attempt, and return whether another one is worth while.

    A permanent failure and the last attempt also make the check failed.
    """
    check = lock(check_id)
    if check is None or check.status != Status.NEW.value:
        return False
    command = RecordRenderFailure(reason, ms, permanent, MAX_RENDER_ATTEMPTS)
    execute(check, command, actor=actor, now=now)
    return check.status == Status.NEW.value

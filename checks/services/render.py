"""What a worker reads and records when it renders. All checks of one order and type share one PDF."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from checks.domain.commands import RecordRender, RecordRenderFailure
from checks.domain.state import Status
from checks.models import Check
from checks.rendering.files import is_stored
from checks.rendering.produce import Rendering
from checks.services.write_path import execute, lock
from events.log.registry import registry
from events.models import Event
from foundation.context import Actor
from foundation.db.locks import lock_order
from foundation.jobs.queues import RETRY_PAUSES_SECONDS

MAX_RENDER_ATTEMPTS = 1 + len(RETRY_PAUSES_SECONDS)

# Written out: Django takes longer to build this query than PostgreSQL to answer it.
_CHECKS_TO_RENDER = """
    SELECT id, status, "order" FROM checks_check WHERE order_id = %s AND type = %s ORDER BY id
"""


class RenderKey(NamedTuple):
    """What one render job is about."""

    order_id: int
    check_type: str


class CheckToRender(NamedTuple):
    """A check that shares a PDF with others, with what a worker has to know of it."""

    id: int
    status: str
    order: dict[str, Any]

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.NEW.value


def checks_to_render(key: RenderKey) -> list[CheckToRender]:
    """Return all checks of this order and type, which share one PDF."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS_TO_RENDER, key)
        return [CheckToRender(check_id, status, json.loads(order)) for check_id, status, order in cursor]


def waiting_for_render(key: RenderKey) -> list[int]:
    """Return the ids of the checks of this order and type that are new."""
    return [check.id for check in checks_to_render(key) if check.is_waiting]


def shared_render(key: RenderKey) -> RecordRender | None:
    """Return how another check of this order and type was rendered, if its PDF is still whole.

    A new rendering would change the bytes under a check that has them on record.
    """
    rendered = Event.objects.filter(
        stream__in=Check.objects.filter(order_id=key.order_id, type=key.check_type).exclude(pdf_file=""),
        type="rendered",
    )
    last = rendered.order_by("-id").values_list("type", "schema_version", "data").first()
    if last is None:
        return None
    render = RecordRender(**vars(registry.decode(*last)))
    return render if is_stored(render.file, render.bytes) else None


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

    1. If other checks share the PDF (`shared_with`), wait for workers that record one of them. If one of them
       is rendered and its PDF in place, take that PDF: its bytes are on record.
    2. Lock the check, and leave it alone unless it is new.
    3. Store the file under the locks, so that two renderings cannot overwrite each other, and record it.

    Raises RenderError if the file cannot be stored; nothing is recorded then.
    """
    shared = None
    if shared_with is not None:
        lock_order(shared_with.order_id)
        shared = shared_render(shared_with)
    check = lock(check_id)
    if check is None or check.status != Status.NEW.value:
        return False
    if shared is not None:
        execute(check, shared, actor=actor, now=now)
    elif rendering is not None:
        execute(check, rendering.store(), actor=actor, now=now)
    else:  # the shared PDF has just gone; the sweeper enqueues the render again
        return False
    return True


@transaction.atomic
def record_render_failure(
    *, check_id: int, reason: str, ms: int, permanent: bool, actor: Actor, now: datetime
) -> bool:
    """Record a failed attempt, and return whether another attempt makes sense.

    The check also becomes failed if the failure is permanent or this was the last attempt.
    """
    check = lock(check_id)
    if check is None or check.status != Status.NEW.value:
        return False
    command = RecordRenderFailure(reason, ms, permanent, MAX_RENDER_ATTEMPTS)
    execute(check, command, actor=actor, now=now)
    return check.status == Status.NEW.value

"""Printing a check again, on a paper that says which copy it is.

The copy's PDF is made during the request, before anything is recorded, so that a reprint always has a PDF to
offer. If the PDF cannot be made in time, the old PDF is printed without a mark, and the event says why: a
kitchen without paper is worse than a paper without a mark.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from checks.domain import commands
from checks.domain.fold import fold
from checks.domain.lifecycle import decide
from checks.domain.state import UNMARKED
from checks.models import Check, CheckNotFoundError
from checks.rendering.engine.renderer import Renderer, renderer_for_a_while
from checks.rendering.errors import RenderError
from checks.rendering.produce import Rendering, produce_copy
from checks.services.write_path import execute_on
from events.log.streams import read_streams
from foundation.context import Actor

logger = logging.getLogger(__name__)

SECONDS_PER_COPY = 5.0
SECONDS_IN_ALL = 15.0  # no rendering is started later than this: somebody waits for the answer
OUT_OF_TIME = "timeout"


class CopyToMake(NamedTuple):
    """What would be printed as the next paper copy of a check."""

    check_id: int
    order_id: int
    check_type: str
    order: dict[str, Any]
    copy: int


class Reprint(NamedTuple):
    """A check that is offered again. `unmarked` says why its paper is not marked as a copy, "" if it is."""

    check: Check
    unmarked: str


class Reprinter:
    """Reprints one check after another with the same renderer."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._until = time.monotonic() + SECONDS_IN_ALL

    def reprint(self, *, check_id: int, reason: str, actor: Actor, now: datetime) -> Reprint:
        """Offer the check to its printer once more.

        1. Find out which copy it would be, and whether a reprint is possible at all.
        2. Render that copy outside any transaction.
        3. Record it, unless somebody else has made this copy meanwhile.

        Raises CheckNotFoundError, TransitionRefusedError, ErasedError, CopyTakenError.
        """
        wanted = copy_to_make(check_id)
        record = partial(
            reprint_check, check_id=check_id, reason=reason, actor=actor, now=now, copy=wanted.copy
        )
        try:
            return Reprint(record(rendering=self._render(wanted)), "")
        except RenderError as error:
            logger.warning("Copy %s of check %s is unmarked: %s.", wanted.copy, check_id, error.reason)
            return Reprint(record(unmarked=error.reason), error.reason)

    def _render(self, wanted: CopyToMake) -> Rendering:
        if time.monotonic() > self._until:
            raise RenderError(reason=OUT_OF_TIME, permanent=False)
        try:
            return produce_copy(**wanted._asdict(), renderer=self._renderer)
        except RenderError:
            raise
        except Exception as error:
            logger.exception(
                "Rendering copy %s of check %s failed unexpectedly.", wanted.copy, wanted.check_id
            )
            raise RenderError(reason="internal", permanent=False, detail=type(error).__name__) from error


@contextmanager
def reprinter() -> Iterator[Reprinter]:
    """Yield a Reprinter, and stop its renderer at the end of the block.

    It has its own renderer: a web process needs one only a few times a day, and may have several threads.
    """
    with renderer_for_a_while(timeout=SECONDS_PER_COPY) as renderer:
        yield Reprinter(renderer)


def copy_to_make(check_id: int) -> CopyToMake:
    """Return what a reprint of this check would print now.

    Raises CheckNotFoundError, or the error with which the lifecycle refuses the reprint.
    """
    check = Check.objects.filter(pk=check_id).only("order_id", "type", "order").first()
    if check is None:
        raise CheckNotFoundError
    state = fold(read_streams([check_id])[check_id].events)
    decide(state, commands.Reprint(reason=""))
    copies = state.copies if state else 0
    return CopyToMake(check_id, check.order_id, check.type, check.order, copies + 1)


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

    1. Lock the check, and refuse it if its next copy is not `copy`: somebody was faster.
    2. Record the copy with its own PDF; without one, the old PDF is offered and `unmarked` says why.
    3. Store the file under the lock: nobody else writes a file of this name, and an erasure waits.

    Raises CopyTakenError, TransitionRefusedError, ErasedError, or RenderError if the file cannot be stored;
    nothing is recorded then.
    """
    command = commands.Reprint(reason, copy, rendering.command if rendering else None, unmarked)
    check = execute_on(check_id, command, actor=actor, now=now)
    if rendering is not None:
        rendering.store()
    return check

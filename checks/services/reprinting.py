"""Has checks printed again, on paper that says that it is a copy, and which one.

The copy's PDF is made here, by whoever asks for the reprint, before anything is recorded: a reprint leads at
once to a PDF that is there. What does not get one in time is printed all the same, with the PDF of before,
and its event says why: a kitchen without paper is worse than paper without a mark.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import NamedTuple

from checks import services
from checks.models import Check
from checks.rendering.engine.renderer import Renderer, renderer_for_a_while
from checks.rendering.errors import RenderError
from checks.rendering.produce import Rendering, produce_copy
from checks.services import selectors
from checks.services.selectors import CopyToMake
from foundation.context import Actor

logger = logging.getLogger(__name__)

SECONDS_A_COPY = 5.0
SECONDS_IN_ALL = 15.0  # after this no further rendering is begun: somebody waits for the answer
OUT_OF_TIME = "timeout"


class Reprint(NamedTuple):
    """A check that is offered again; `unmarked` is why its paper says nothing of this copy, "" if it does."""

    check: Check
    unmarked: str


class Reprinter:
    """Reprints checks one after another, with a renderer that it is lent."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._until = time.monotonic() + SECONDS_IN_ALL

    def reprint(self, *, check_id: int, reason: str, actor: Actor, now: datetime) -> Reprint:
        """Offer the check to its printer once more.

        1. See which copy it would be, and whether a reprint is possible at all.
        2. Render that copy, in no transaction.
        3. Record it; if somebody was faster with this copy, nothing is done.

        Raises CheckNotFoundError, TransitionRefusedError, ErasedError, CopyTakenError.
        """
        wanted = selectors.copy_to_make(check_id)
        record = partial(
            services.reprint_check, check_id=check_id, reason=reason, actor=actor, now=now, copy=wanted.copy
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
    """Give somebody who reprints, and end the renderer with the block.

    Not the process's own renderer: a web process needs one a few times a day, and may have several threads.
    """
    with renderer_for_a_while(timeout=SECONDS_A_COPY) as renderer:
        yield Reprinter(renderer)

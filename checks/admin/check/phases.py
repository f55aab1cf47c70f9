"""How long a check was where: the stretches of its life, to be drawn to scale."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from checks.admin.words import duration
from checks.domain.state import CheckState, Status

MAX_PIECES = 100  # drawn in one bar
RENDERING, PRINTER, CONFIRMATION, PERSON, DONE = "rendering", "printer", "confirmation", "person", "done"
PHASES = {
    RENDERING: _("waiting for its PDF"),
    PRINTER: _("waiting for the printer to fetch it"),
    CONFIRMATION: _("waiting for the printer's confirmation"),
    PERSON: _("failed, waiting for a person"),
    DONE: _("printed"),
}


class Dwell(NamedTuple):
    """A stretch of time that a check spent in one phase; open if it is still there."""

    phase: str
    begins: datetime
    ends: datetime
    is_open: bool = False

    @property
    def span(self) -> timedelta:
        return self.ends - self.begins

    @property
    def label(self) -> str:
        return str(PHASES[self.phase])

    @property
    def length(self) -> str:
        return duration(self.span)


class Total(NamedTuple):
    """All stretches of one phase: how long together, what share in per cent, how many."""

    phase: str
    label: str
    length: str
    share: int
    times: int
    is_open: bool


class Piece(NamedTuple):
    """A stretch as it is drawn: where it begins and how wide it is, in per cent of the whole."""

    dwell: Dwell
    left: str
    width: str
    share: int


def phase_of(state: CheckState) -> str:
    if state.status is Status.NEW:
        return RENDERING
    if state.status is Status.RENDERED:
        return PRINTER if state.lease_expires_at is None else CONFIRMATION
    return PERSON if state.status is Status.FAILED else DONE


def dwells(states: Sequence[tuple[CheckState, datetime]], now: datetime) -> list[Dwell]:
    """Return the stretches between the events; where the check has not settled, also the one until now."""
    found: list[Dwell] = []
    for (state, begins), (_next, ends) in pairwise(states):
        _add(found, Dwell(phase_of(state), begins, ends))
    if states and states[-1][0].status in {Status.NEW, Status.RENDERED}:
        state, begins = states[-1]
        _add(found, Dwell(phase_of(state), begins, max(now, begins), is_open=True))
    return [dwell for dwell in found if dwell.span]


def _add(found: list[Dwell], dwell: Dwell) -> None:
    """Lengthen the last stretch where the phase goes on: failed attempts do not end it."""
    if found and found[-1].phase == dwell.phase:
        dwell = dwell._replace(begins=found.pop().begins)
    found.append(dwell)


def waits(stretches: Iterable[Dwell]) -> list[Dwell]:
    """Leave out the time that a check lay printed: nobody waited for it."""
    return [dwell for dwell in stretches if dwell.phase != DONE]


def totals(stretches: Sequence[Dwell]) -> list[Total]:
    """Sum the stretches up by phase, in the order in which the phases came."""
    whole = sum((dwell.span for dwell in stretches), timedelta())
    found = []
    for phase in dict.fromkeys(dwell.phase for dwell in stretches):
        those = [dwell for dwell in stretches if dwell.phase == phase]
        span = sum((dwell.span for dwell in those), timedelta())
        share = round(100 * span / whole) if whole else 0
        is_open = any(dwell.is_open for dwell in those)
        found.append(Total(phase, those[0].label, duration(span), share, len(those), is_open))
    return found


def by_phase(stretches: Sequence[Dwell]) -> list[Dwell]:
    """Make one stretch of all of a phase, where they are too many to be seen one by one."""
    found: dict[str, Dwell] = {}
    for dwell in stretches:
        before = found.get(dwell.phase)
        begins = before.begins if before else dwell.begins
        span = (before.span if before else timedelta()) + dwell.span
        found[dwell.phase] = Dwell(dwell.phase, begins, begins + span, dwell.is_open)
    return list(found.values())


def to_scale(stretches: Sequence[Dwell]) -> list[Piece]:
    """Put the stretches side by side, each as wide as its part of all of them."""
    total = sum((dwell.span for dwell in stretches), timedelta())
    pieces, passed = [], timedelta()
    for dwell in stretches:
        pieces.append(_piece(dwell, passed, total))
        passed += dwell.span
    return pieces


def on_axis(stretches: Sequence[Dwell], begins: datetime, ends: datetime) -> list[Piece]:
    """Put the stretches, the longest where they are many, where they lie between two moments."""
    longest = sorted(stretches, key=attrgetter("span"), reverse=True)[:MAX_PIECES]
    ordered = sorted(longest, key=attrgetter("begins"))
    return [_piece(dwell, dwell.begins - begins, ends - begins) for dwell in ordered]


def _piece(dwell: Dwell, passed: timedelta, total: timedelta) -> Piece:
    # Written here: a template would write a decimal comma, which CSS does not read.
    left, width = (100 * span / total if total else 0.0 for span in (passed, dwell.span))
    return Piece(dwell, f"{left:.3f}", f"{width:.3f}", round(width))

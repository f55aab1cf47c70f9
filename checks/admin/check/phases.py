"""The phases of a check's life, how long each took, and how they are drawn to scale."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from checks.admin.words import duration_in_words
from checks.domain.state import CheckState, Status

MAX_SEGMENTS = 100  # drawn in one bar
RENDERING, PRINTER, CONFIRMATION, PERSON, DONE = "rendering", "printer", "confirmation", "person", "done"
LABELS = {
    RENDERING: _("waiting for its PDF"),
    PRINTER: _("waiting for the printer to fetch it"),
    CONFIRMATION: _("waiting for the printer's confirmation"),
    PERSON: _("failed, waiting for a person"),
    DONE: _("printed"),
}


class Phase(NamedTuple):
    """A period in which a check waited for one thing. Open if it still does."""

    kind: str
    begins: datetime
    ends: datetime
    is_open: bool = False

    @property
    def duration(self) -> timedelta:
        return self.ends - self.begins

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def duration_in_words(self) -> str:
        return duration_in_words(self.duration)


class Total(NamedTuple):
    """All phases of one kind: their duration together, its share in per cent, and their number."""

    kind: str
    label: str
    duration: str
    share: int
    times: int
    is_open: bool


class Segment(NamedTuple):
    """A phase as it is drawn. `left` and `width` are per cent of the bar."""

    phase: Phase
    left: str
    width: str


def kind_of(state: CheckState) -> str:
    if state.status is Status.NEW:
        return RENDERING
    if state.status is Status.RENDERED:
        return PRINTER if state.lease_expires_at is None else CONFIRMATION
    return PERSON if state.status is Status.FAILED else DONE


def phases(states: Sequence[tuple[CheckState, datetime]], now: datetime) -> list[Phase]:
    """Return the phases between the events, and the open one until now of a new or rendered check."""
    found: list[Phase] = []
    for (state, begins), (_next, ends) in pairwise(states):
        _add(found, Phase(kind_of(state), begins, ends))
    if states and states[-1][0].status in {Status.NEW, Status.RENDERED}:
        state, begins = states[-1]
        _add(found, Phase(kind_of(state), begins, max(now, begins), is_open=True))
    return [phase for phase in found if phase.duration]


def _add(found: list[Phase], phase: Phase) -> None:
    """Lengthen the last phase if this one goes on with it: a failed attempt does not end a phase."""
    if found and found[-1].kind == phase.kind:
        phase = phase._replace(begins=found.pop().begins)
    found.append(phase)


def waits(all_phases: Iterable[Phase]) -> list[Phase]:
    """Leave out the phases in which the check was printed: nobody waited then."""
    return [phase for phase in all_phases if phase.kind != DONE]


def totals(all_phases: Sequence[Phase]) -> list[Total]:
    """Sum the phases up by kind, in the order in which the kinds first came."""
    whole = sum((phase.duration for phase in all_phases), timedelta())
    found = []
    for kind in dict.fromkeys(phase.kind for phase in all_phases):
        those = [phase for phase in all_phases if phase.kind == kind]
        duration = sum((phase.duration for phase in those), timedelta())
        share = round(100 * duration / whole) if whole else 0
        is_open = any(phase.is_open for phase in those)
        found.append(Total(kind, those[0].label, duration_in_words(duration), share, len(those), is_open))
    return found


def merged(all_phases: Sequence[Phase]) -> list[Phase]:
    """Merge the phases of each kind into one, for a check with too many to draw."""
    found: dict[str, Phase] = {}
    for phase in all_phases:
        before = found.get(phase.kind)
        begins = before.begins if before else phase.begins
        duration = (before.duration if before else timedelta()) + phase.duration
        found[phase.kind] = Phase(phase.kind, begins, begins + duration, phase.is_open)
    return list(found.values())


def to_scale(all_phases: Sequence[Phase]) -> list[Segment]:
    """Put the phases side by side, each as wide as its share of the whole."""
    total = sum((phase.duration for phase in all_phases), timedelta())
    segments, passed = [], timedelta()
    for phase in all_phases:
        segments.append(_segment(phase, passed, total))
        passed += phase.duration
    return segments


def on_axis(all_phases: Sequence[Phase], begins: datetime, ends: datetime) -> list[Segment]:
    """Put the phases, or the longest MAX_SEGMENTS of them, on an axis between two moments."""
    longest = sorted(all_phases, key=attrgetter("duration"), reverse=True)[:MAX_SEGMENTS]
    ordered = sorted(longest, key=attrgetter("begins"))
    return [_segment(phase, phase.begins - begins, ends - begins) for phase in ordered]


def _segment(phase: Phase, passed: timedelta, total: timedelta) -> Segment:
    # A template would write a decimal comma, which CSS does not read.
    left, width = (100 * part / total if total else 0.0 for part in (passed, phase.duration))
    return Segment(phase, f"{left:.3f}", f"{width:.3f}")

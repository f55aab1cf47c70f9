"""How long a check waited for what, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.admin.check.phases import MAX_SEGMENTS, Phase, Segment, Total, merged, to_scale, totals, waits


@dataclass(frozen=True)
class Durations:
    """The segments of the bar and its legend. Merged where there are too many phases to draw."""

    segments: list[Segment]
    totals: list[Total]
    are_merged: bool

    @classmethod
    def of(cls, all_phases: Sequence[Phase]) -> "Durations":
        waited = waits(all_phases)
        are_merged = len(waited) > MAX_SEGMENTS
        return cls(to_scale(merged(waited) if are_merged else waited), totals(waited), are_merged)

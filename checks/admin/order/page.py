"""The page of an order: all its checks on one axis of time."""

from collections.abc import ItemsView
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from checks.admin.check.phases import LABELS, Segment, on_axis, phases
from checks.admin.check.selectors import timelines_of_order
from checks.admin.check.timeline import Timeline
from checks.admin.words import duration_in_words, event_name
from checks.models import Check


class Mark(NamedTuple):
    """An event, and how long after the order it came."""

    name: str
    after: str


class CheckOnAxis(NamedTuple):
    """A check of the order. `marks` are its newest events, of `events` in all."""

    check: Check
    segments: list[Segment]
    marks: list[Mark]
    events: int


@dataclass(frozen=True)
class OrderPage:
    order_id: int
    begins: datetime
    ends: datetime
    checks: list[CheckOnAxis]

    @property
    def duration(self) -> str:
        return duration_in_words(self.ends - self.begins)

    @property
    def legend(self) -> ItemsView[str, Any]:
        return LABELS.items()


def order_page(order_id: int, *, now: datetime) -> OrderPage | None:
    """Return what the page of an order shows; None for an order without checks. Two queries."""
    timelines = timelines_of_order(order_id)
    if not timelines:
        return None
    moments = [at for _check, timeline in timelines for _state, at in timeline.states]
    found = [(check, timeline, phases(timeline.states, now)) for check, timeline in timelines]
    begins = min(moments, default=now)
    ends = max([*moments, *(phase.ends for *_, its_phases in found for phase in its_phases)], default=now)
    checks = [
        CheckOnAxis(
            check,
            on_axis(its_phases, begins, ends),
            _marks(timeline, begins),
            timeline.last.event.version if timeline.last else 0,
        )
        for check, timeline, its_phases in found
    ]
    return OrderPage(order_id, begins, ends, checks)


def _marks(timeline: Timeline, begins: datetime) -> list[Mark]:
    return [
        Mark(event_name(step.event.type), duration_in_words(step.event.occurred_at - begins))
        for step in timeline.steps
    ]

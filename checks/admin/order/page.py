"""The page of an order: all its checks on one axis of time."""

from datetime import datetime
from typing import Any

from checks.admin.check.phases import PHASES, dwells, on_axis
from checks.admin.check.selectors import lives_of_order
from checks.admin.check.timeline import Story
from checks.admin.words import duration, event_name


def order_page_of(order_id: int, *, now: datetime) -> dict[str, Any] | None:
    """Return the context of the order's page; None where nobody knows the order."""
    lives = lives_of_order(order_id)
    states = [moment for _, story in lives for moment in story.states]
    if not lives:
        return None
    stretches = {check.pk: dwells(story.states, now) for check, story in lives}
    begins = min((at for _, at in states), default=now)
    ends = max(
        [at for _, at in states] + [dwell.ends for each in stretches.values() for dwell in each] or [now]
    )
    return {
        "order_id": order_id,
        "begins": begins,
        "ends": ends,
        "length": duration(ends - begins),
        "phases": PHASES.items(),
        "rows": [
            {
                "check": check,
                "pieces": on_axis(stretches[check.pk], begins, ends),
                "marks": _marks(story, begins),
                "of": story.last.event.version if story.last else 0,
            }
            for check, story in lives
        ],
    }


def _marks(story: Story, begins: datetime) -> list[dict[str, str]]:
    """Say of each event how long after the order it came."""
    return [
        {"name": event_name(step.event.type), "after": duration(step.event.occurred_at - begins)}
        for step in story.steps
    ]

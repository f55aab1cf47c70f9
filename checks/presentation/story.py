"""A check's life told step by step: its events, what they make of it, and whether the records agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from checks.lifecycle import evolve
from checks.presentation.words import column_name, column_value
from checks.projection import COLUMNS, PROJECTED_FIELDS, identity, projection
from checks.state import CheckState
from events.models import Event
from events.registry import registry

Record = Mapping[str, Any]
QUIET = {"version", "status_changed_at"}  # columns that change with every event and say nothing new


class Difference(NamedTuple):
    """A column that had one value and has another, or that has one in one place and another elsewhere."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """An event, the state that it led to, and what simple-history recorded with it.

    `state` is None from the first event on that cannot be applied; `disagreements` are between the fold
    (before) and the history record (after).
    """

    event: Event
    state: CheckState | None
    record: Record | None
    since: timedelta | None
    changes: list[Difference] = field(default_factory=list)
    disagreements: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return self.state is not None and self.record is not None and not self.disagreements


class Story(NamedTuple):
    """All steps, and in which columns the check's row (after) is not what its events say (before)."""

    steps: list[Step]
    row_disagreements: list[Difference]

    @property
    def agrees(self) -> bool:
        return not self.row_disagreements and all(step.agrees for step in self.steps)

    @property
    def states(self) -> list[tuple[CheckState, datetime]]:
        return [(step.state, step.event.occurred_at) for step in self.steps if step.state is not None]

    def until(self, version: int) -> "Story":
        """Return the story as it was when this event had just happened."""
        return Story([step for step in self.steps if step.event.version <= version], [])


def tell(events: Sequence[Event], records: Iterable[Record] = (), row: Record | None = None) -> Story:
    """Put the events, the history records and the check's row, as far as there are any, beside each other."""
    by_version = {record["version"]: record for record in records}
    steps: list[Step] = []
    state: CheckState | None = None
    for event, before in zip(events, [None, *events], strict=False):
        is_whole = before is None or steps[-1].state is not None
        state = _applied(state, event) if is_whole else None
        steps.append(_step(event, before, state, by_version))
    last = steps[-1].state if steps else None
    return Story(steps, differences(columns_of(last), row) if last and row else [])


def _applied(state: CheckState | None, event: Event) -> CheckState | None:
    """Return the state after the event; None where the log does not make sense, which a page must survive."""
    try:
        payload = registry.decode(event.type, event.schema_version, event.data)
        return evolve(state, payload, event.occurred_at)
    except Exception:  # noqa: BLE001 - whatever was forged into the log has to be shown
        return None


def _step(
    event: Event, before: Event | None, state: CheckState | None, records: Mapping[int, Record]
) -> Step:
    record = records.get(event.version)
    earlier = records.get(event.version - 1, {})
    return Step(
        event,
        state,
        record,
        since=event.occurred_at - before.occurred_at if before else None,
        changes=_changes(earlier, record) if record else [],
        disagreements=differences(columns_of(state), record) if state and record else [],
    )


def _changes(earlier: Record, record: Record) -> list[Difference]:
    names = [name for name in PROJECTED_FIELDS if name not in QUIET]
    return [
        Difference(column_name(name), column_value(name, earlier.get(name)), column_value(name, record[name]))
        for name in names
        if (earlier.get(name) or "") != (record[name] or "")
    ]


def columns_of(state: CheckState) -> dict[str, Any]:
    """Return all columns that a check's row and its history record have to have in this state."""
    return projection(state) | identity(state)


def differences(expected: Record, found: Record) -> list[Difference]:
    """Return the columns in which a row is not what the events say."""
    return [
        Difference(column_name(name), column_value(name, expected[name]), column_value(name, found[name]))
        for name in COLUMNS
        if expected[name] != found[name]
    ]

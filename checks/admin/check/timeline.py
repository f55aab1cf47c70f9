"""A check's timeline: its events, the states that they led to, and whether all records of them agree.

Events and history records are streamed. So a check that its printer has fetched ten thousand times takes no
more memory than another: a timeline keeps the steps that the page shows, and a summary of all others.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from checks.admin.check.phases import kind_of
from checks.admin.words import column_name, column_value
from checks.domain.fold import evolve
from checks.domain.projection import COLUMNS, PROJECTED_FIELDS, projection
from checks.domain.state import CheckState
from events.log.registry import registry

Record = Mapping[str, Any]
UNINFORMATIVE = {"version", "status_changed_at"}  # they change with every event
STEPS_PER_PAGE = 100


class EventRow(NamedTuple):
    """What a timeline reads of an event."""

    pk: int
    stream_id: int
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    actor: str
    occurred_at: datetime


class Difference(NamedTuple):
    """A column with two values: before and after an event, or in two places that should agree."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """An event, the state after it, its history record, and the history record before that.

    `state` is None from the first event on that cannot be applied.
    """

    event: EventRow
    state: CheckState | None
    record: Record | None
    earlier: Record | None
    since: timedelta | None

    @property
    def changes(self) -> list[Difference]:
        """Return the columns that the event changed according to the history."""
        return _changes(self.earlier or {}, self.record) if self.record else []

    @property
    def disagreements(self) -> list[Difference]:
        """Return the columns in which the state (before) and the history record (after) differ."""
        return differences(columns_of(self.state), self.record) if self.state and self.record else []

    @property
    def agrees(self) -> bool:
        return self.state is not None and self.record is not None and not self.disagreements


@dataclass
class Timeline:
    """The steps to show, the newest up to `window_end`, and a summary of all steps.

    `states` has the states with which a phase began, and the last one. `last_of` has the last event of each
    type.
    """

    window_end: int | None = None
    steps: deque[Step] = field(default_factory=lambda: deque(maxlen=STEPS_PER_PAGE))
    last: Step | None = None
    states: list[tuple[CheckState, datetime]] = field(default_factory=list)
    last_of: dict[str, EventRow] = field(default_factory=dict)
    slowest: timedelta = timedelta()

    @property
    def state(self) -> CheckState | None:
        return self.last.state if self.last else None

    def add(self, step: Step) -> None:
        if self.window_end is None or step.event.version <= self.window_end:
            self.steps.append(step)
        if step.state is not None:
            self._add_state(step.state, step.event.occurred_at)
        self.last = step
        self.last_of[step.event.type] = step.event
        self.slowest = max(self.slowest, step.since or timedelta())

    def _add_state(self, state: CheckState, at: datetime) -> None:
        """Replace the last state if the new one is in the same phase as the last two."""
        kinds = [kind_of(known) for known, _at in self.states[-2:]]
        if kinds == [kind_of(state)] * 2:
            self.states.pop()
        self.states.append((state, at))


def build_timeline(
    events: Iterable[EventRow],
    records: Iterable[Record] = (),
    *,
    window_end: int | None = None,
) -> Timeline:
    """Join the events with the history records, both ordered by version."""
    timeline = Timeline(window_end)
    for event, record, earlier in _paired(events, records):
        before = timeline.last
        makes_sense = before is None or before.state is not None
        state = _applied(before.state if before else None, event) if makes_sense else None
        since = event.occurred_at - before.event.occurred_at if before else None
        timeline.add(Step(event, state, record, earlier, since))
    return timeline


def _paired(
    events: Iterable[EventRow], records: Iterable[Record]
) -> Iterator[tuple[EventRow, Record | None, Record | None]]:
    """Yield each event with the history records of its version and of the version before, if they exist."""
    coming = iter(records)
    record: Record | None = next(coming, None)
    earlier: Record | None = None
    for event in events:
        while record is not None and record["version"] < event.version:
            earlier, record = record, next(coming, None)
        found = record if record is not None and record["version"] == event.version else None
        is_next = earlier is not None and earlier["version"] == event.version - 1
        yield event, found, earlier if is_next else None


def _applied(state: CheckState | None, event: EventRow) -> CheckState | None:
    """Return the state after the event, or None for an event that cannot be applied."""
    try:
        payload = registry.decode(event.type, event.schema_version, event.data)
        return evolve(state, payload, event.occurred_at)
    except Exception:  # noqa: BLE001 - the page has to show even a forged log
        return None


def _changes(earlier: Record, record: Record) -> list[Difference]:
    names = [name for name in PROJECTED_FIELDS if name not in UNINFORMATIVE]
    return [
        Difference(column_name(name), column_value(name, earlier.get(name)), column_value(name, record[name]))
        for name in names
        if (earlier.get(name) or "") != (record[name] or "")
    ]


def columns_of(state: CheckState) -> dict[str, Any]:
    """Return the columns that a check's row and its history record must have in this state."""
    return projection(state)


def differences(expected: Record, found: Record) -> list[Difference]:
    """Return the columns in which a row differs from what the events say."""
    return [
        Difference(column_name(name), column_value(name, expected[name]), column_value(name, found[name]))
        for name in COLUMNS
        if expected[name] != found[name]
    ]

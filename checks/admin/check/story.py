"""A check's life told step by step: its events, what they make of it, and whether the records agree.

Events and records stream past, so that a check which a printer has fetched ten thousand times takes no more
memory than another: a story keeps the steps that are shown, and of all others what they led to.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from checks.admin.check.dwell import phase_of
from checks.admin.words import column_name, column_value
from checks.domain.fold import evolve
from checks.domain.projection import COLUMNS, PROJECTED_FIELDS, projection
from checks.domain.state import CheckState
from events.log.registry import registry

Record = Mapping[str, Any]
QUIET = {"version", "status_changed_at"}  # columns that change with every event and say nothing new
SHOWN = 100  # steps at once


class Happening(NamedTuple):
    """What is told of an event."""

    pk: int
    stream_id: int
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    actor: str
    occurred_at: datetime


class Difference(NamedTuple):
    """A column that had one value and has another, or that has one in one place and another elsewhere."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """An event, the state that it led to, and what simple-history recorded with it and with the one before.

    `state` is None from the first event on that cannot be applied.
    """

    event: Happening
    state: CheckState | None
    record: Record | None
    earlier: Record | None
    since: timedelta | None

    @property
    def changes(self) -> list[Difference]:
        """Return the columns that the event changed, as the history has them."""
        return _changes(self.earlier or {}, self.record) if self.record else []

    @property
    def disagreements(self) -> list[Difference]:
        """Return the columns in which the fold (before) and the history record (after) differ."""
        return differences(columns_of(self.state), self.record) if self.state and self.record else []

    @property
    def agrees(self) -> bool:
        return self.state is not None and self.record is not None and not self.disagreements


@dataclass
class Story:
    """What all steps together say, and those of them that are shown: the newest up to `window_end`.

    `states` are those with which a phase of the check's life began, and the last one; `last_of` has the last
    event of each type.
    """

    window_end: int | None = None
    steps: deque[Step] = field(default_factory=lambda: deque(maxlen=SHOWN))
    last: Step | None = None
    states: list[tuple[CheckState, datetime]] = field(default_factory=list)
    last_of: dict[str, Happening] = field(default_factory=dict)
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
        """Let the last state go when the phase that it belongs to goes on."""
        phases = [phase_of(known) for known, _at in self.states[-2:]]
        if phases == [phase_of(state)] * 2:
            self.states.pop()
        self.states.append((state, at))


def tell(
    events: Iterable[Happening],
    records: Iterable[Record] = (),
    *,
    window_end: int | None = None,
) -> Story:
    """Join the events with the history records, both ordered by version."""
    story = Story(window_end)
    for event, record, earlier in _paired(events, records):
        before = story.last
        is_whole = before is None or before.state is not None
        state = _applied(before.state if before else None, event) if is_whole else None
        since = event.occurred_at - before.event.occurred_at if before else None
        story.add(Step(event, state, record, earlier, since))
    return story


def _paired(
    events: Iterable[Happening], records: Iterable[Record]
) -> Iterator[tuple[Happening, Record | None, Record | None]]:
    """Yield each event with the record of its version and that of the version before, where there are any."""
    coming = iter(records)
    record: Record | None = next(coming, None)
    earlier: Record | None = None
    for event in events:
        while record is not None and record["version"] < event.version:
            earlier, record = record, next(coming, None)
        found = record if record is not None and record["version"] == event.version else None
        is_next = earlier is not None and earlier["version"] == event.version - 1
        yield event, found, earlier if is_next else None


def _applied(state: CheckState | None, event: Happening) -> CheckState | None:
    """Return the state after the event; None where the log does not make sense, which a page must survive."""
    try:
        payload = registry.decode(event.type, event.schema_version, event.data)
        return evolve(state, payload, event.occurred_at)
    except Exception:  # noqa: BLE001 - whatever was forged into the log has to be shown
        return None


def _changes(earlier: Record, record: Record) -> list[Difference]:
    names = [name for name in PROJECTED_FIELDS if name not in QUIET]
    return [
        Difference(column_name(name), column_value(name, earlier.get(name)), column_value(name, record[name]))
        for name in names
        if (earlier.get(name) or "") != (record[name] or "")
    ]


def columns_of(state: CheckState) -> dict[str, Any]:
    """Return all columns that a check's row and its history record have to have in this state."""
    return projection(state)


def differences(expected: Record, found: Record) -> list[Difference]:
    """Return the columns in which a row is not what the events say."""
    return [
        Difference(column_name(name), column_value(name, expected[name]), column_value(name, found[name]))
        for name in COLUMNS
        if expected[name] != found[name]
    ]

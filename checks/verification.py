"""Does the log hold, and do the checks and their history say what it says?

Three ordered streams of rows (checks, events, history records) are walked side by side, so that memory stays
flat however long the log is. All three are read in one snapshot: a service that runs meanwhile does no harm.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from checks.lifecycle import evolve
from checks.models import Check
from checks.order_digest import order_digest
from checks.projection import PROJECTED_FIELDS, cached_columns, projection
from checks.state import CheckState
from events.hashing import GENESIS, HashedFields, event_hash
from events.models import Event
from events.registry import registry

CHUNK = 2000
_HASHED = ("stream_id", *HashedFields._fields[1:])
_EVENT_COLUMNS = (*_HASHED, "hash", "prev_hash")
_HISTORY_COLUMNS = ("id", "history_change_reason", *PROJECTED_FIELDS)


class Difference(NamedTuple):
    """Something that is not as the events have it."""

    check_id: int
    version: int | None
    problem: str

    def __str__(self) -> str:
        where = f"check {self.check_id}" + (f", version {self.version}" if self.version is not None else "")
        return f"{where}: {self.problem}"


class Verified(NamedTuple):
    """One check that was looked at: how many events it has, and what is wrong with it."""

    check_id: int
    events: int
    differences: list[Difference]


@dataclass
class _Rows:
    """What the three tables hold of one check."""

    check: Check | None
    events: list[tuple[Any, ...]]
    history: list[tuple[Any, ...]]


def verify(*, check_ids: list[int] | None = None) -> Iterator[Verified]:
    """Yield every check with its differences, in the order of ids; all of them, or those named."""
    with _one_snapshot():
        for check_id, rows in _side_by_side(check_ids):
            differences = list(_compare(check_id, rows))
            yield Verified(check_id, len(rows.events), differences)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Let all queries see the same moment; inside a caller's transaction they see what that one sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _side_by_side(check_ids: list[int] | None) -> Iterator[tuple[int, _Rows]]:
    checks = Check.objects.order_by("id")
    events = Event.objects.order_by("stream_id", "version").values_list(*_EVENT_COLUMNS)
    history = Check.history.order_by("id", "version", "history_id").values_list(*_HISTORY_COLUMNS)
    if check_ids is not None:
        checks = checks.filter(id__in=check_ids)
        events = events.filter(stream_id__in=check_ids)
        history = history.filter(id__in=check_ids)
    sources = (
        ((check.pk, [check]) for check in checks.iterator(CHUNK)),
        _grouped(events.iterator(CHUNK)),
        _grouped(history.iterator(CHUNK)),
    )
    for check_id, found in _merged(sources):
        yield check_id, _Rows(next(iter(found[0]), None), found[1], found[2])


def _grouped(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[Any]]]:
    return ((check_id, list(group)) for check_id, group in groupby(rows, key=itemgetter(0)))


def _merged(sources: tuple[Iterator[tuple[int, list[Any]]], ...]) -> Iterator[tuple[int, list[list[Any]]]]:
    """Yield every id that occurs in any of the ordered sources, with what each has for it."""
    heads = [next(source, None) for source in sources]
    while ids := [head[0] for head in heads if head]:
        smallest = min(ids)
        found: list[list[Any]] = [[], [], []]
        for index, head in enumerate(heads):
            if head and head[0] == smallest:
                found[index] = head[1]
                heads[index] = next(sources[index], None)
        yield smallest, found


def _compare(check_id: int, rows: _Rows) -> Iterator[Difference]:
    states: list[CheckState] = []
    yield from _replay(check_id, rows.events, states)
    yield from _compare_history(check_id, states, rows.history)
    if rows.check is None:
        yield Difference(check_id, None, "the check's row is missing")
    elif not states:
        yield Difference(check_id, None, "the check has no events")
    else:
        yield from _compare_check(rows.check, states[-1])


def _replay(check_id: int, events: list[tuple[Any, ...]], states: list[CheckState]) -> Iterator[Difference]:
    """Fold the events into `states`, one for each, checking versions and the hash chain on the way."""
    prev_hash = GENESIS
    state: CheckState | None = None
    for expected, row in enumerate(events, start=1):
        fields, stored, stored_prev = HashedFields(*row[:-2]), bytes(row[-2]), bytes(row[-1])
        if fields.version != expected:
            yield Difference(
                check_id, expected, f"the event is missing; the next is version {fields.version}"
            )
            return
        if stored_prev != prev_hash or event_hash(fields, prev_hash) != stored:
            yield Difference(check_id, expected, f"the event “{fields.type}” does not fit its hash")
        prev_hash = stored
        try:
            payload = registry.decode(fields.type, fields.schema_version, fields.data)
            state = evolve(state, payload, fields.occurred_at)
        except Exception as error:  # noqa: BLE001 - whatever was forged into the log has to be reported
            yield Difference(check_id, expected, f"the event “{fields.type}” cannot be applied: {error!r}")
            return
        states.append(state)


def _compare_history(
    check_id: int, states: list[CheckState], history: list[tuple[Any, ...]]
) -> Iterator[Difference]:
    columns = [dict(zip(_HISTORY_COLUMNS, row, strict=True)) for row in history]
    records = {record["version"]: record for record in columns}
    for state in states:
        record = records.pop(state.version, None)
        if record is None:
            yield Difference(check_id, state.version, "the history record is missing")
            continue
        for name, value in projection(state).items():
            if record[name] != value:
                problem = f"the history record has {name} {_shown(record[name])}, the events {_shown(value)}"
                yield Difference(check_id, state.version, problem)
    for version in records:
        yield Difference(check_id, version, "a history record has no event")


def _compare_check(check: Check, state: CheckState) -> Iterator[Difference]:
    cached = cached_columns(check)
    for name, value in projection(state).items():
        if cached[name] != value:
            problem = f"{name} is cached as {_shown(cached[name])}, the events have {_shown(value)}"
            yield Difference(check.pk, None, problem)
    if not state.erased and order_digest(check.order, bytes(check.order_salt)) != state.order_digest:
        yield Difference(check.pk, None, "the order is not the one that was created")


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)

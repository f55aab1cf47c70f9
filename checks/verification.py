"""Does the log hold, and do the checks and their history say what it says?

Three ordered streams of rows (checks, events, history records) are walked side by side, so that memory stays
flat however long the log is. All three are read in one snapshot: a service that runs meanwhile does no harm.
"""

import heapq
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
from checks.personal_data import without_personal_data
from checks.projection import IDENTITY_FIELDS, PROJECTED_FIELDS, cached_columns, identity, projection
from checks.state import CheckState
from events.context import Actor
from events.hashing import GENESIS, HashedFields, event_hash
from events.models import Event
from events.registry import registry

CHUNK = 2000
CHECKS_CHUNK = 100  # an order can be large
_EVENT_COLUMNS = (*HashedFields._fields, "hash", "prev_hash", "tx_id")
_HISTORY_COLUMNS = (
    "id",
    *PROJECTED_FIELDS,
    *IDENTITY_FIELDS,
    "history_change_reason",
    "history_type",
    "history_date",
    "history_user_id",
)


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
        missing = set(check_ids or ())
        for check_id, rows in _side_by_side(check_ids):
            missing.discard(check_id)
            yield Verified(check_id, len(rows.events), list(_compare(check_id, rows)))
        for check_id in sorted(missing):
            yield Verified(check_id, 0, [Difference(check_id, None, "there is nothing of this check")])


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
    found = heapq.merge(
        ((check.pk, "checks", [check]) for check in checks.iterator(CHECKS_CHUNK)),
        _by_check("events", events.iterator(CHUNK)),
        _by_check("history", history.iterator(CHUNK)),
        key=itemgetter(0),
    )
    for check_id, tables in groupby(found, key=itemgetter(0)):
        rows = {table: rows for _, table, rows in tables}
        (check,) = rows.get("checks", [None])
        yield check_id, _Rows(check, rows.get("events", []), rows.get("history", []))


def _by_check(table: str, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, str, list[Any]]]:
    return ((check_id, table, list(group)) for check_id, group in groupby(rows, key=itemgetter(0)))


def _compare(check_id: int, rows: _Rows) -> Iterator[Difference]:
    steps, differences = _replay(check_id, rows.events)
    yield from differences
    yield from _compare_history(check_id, steps, rows.history)
    if rows.check is None:
        yield Difference(check_id, None, "the check's row is missing")
    elif not steps:
        yield Difference(check_id, None, "the check has no events")
    else:
        yield from _compare_check(rows.check, steps[-1].state)


class _Step(NamedTuple):
    """An event and the state that it led to."""

    event: HashedFields
    state: CheckState


def _replay(check_id: int, events: list[tuple[Any, ...]]) -> tuple[list[_Step], list[Difference]]:
    """Fold the events, checking versions, the feed's order and the hash chain; stop where that ends."""
    steps: list[_Step] = []
    differences: list[Difference] = []
    prev_hash, prev_tx_id = GENESIS, 0
    for expected, row in enumerate(events, start=1):
        *values, stored, stored_prev, tx_id = row
        event = HashedFields(*values)
        if event.version != expected:
            problem = f"the event is missing; the next is version {event.version}"
            differences.append(Difference(check_id, expected, problem))
            break
        if bytes(stored_prev) != prev_hash or event_hash(event, prev_hash) != bytes(stored):
            problem = f"the event “{event.type}” does not fit its hash"
            differences.append(Difference(check_id, expected, problem))
        if tx_id < prev_tx_id:
            differences.append(
                Difference(check_id, expected, "the feed has the event before its predecessor")
            )
        prev_hash, prev_tx_id = bytes(stored), tx_id
        try:
            payload = registry.decode(event.type, event.schema_version, event.data)
            state = evolve(steps[-1].state if steps else None, payload, event.occurred_at)
        except Exception as error:  # noqa: BLE001 - whatever was forged into the log has to be reported
            problem = f"the event “{event.type}” cannot be applied: {error!r}"
            differences.append(Difference(check_id, expected, problem))
            break
        steps.append(_Step(event, state))
    return steps, differences


def _compare_history(
    check_id: int, steps: list[_Step], history: list[tuple[Any, ...]]
) -> Iterator[Difference]:
    columns = [dict(zip(_HISTORY_COLUMNS, row, strict=True)) for row in history]
    records = {record["version"]: record for record in columns}
    for step in steps:
        version = step.state.version
        record = records.pop(version, None)
        if record is None:
            yield Difference(check_id, version, "the history record is missing")
            continue
        for name, value in _history_record(step).items():
            if record[name] != value:
                problem = f"the history record has {name} {_shown(record[name])}, the events {_shown(value)}"
                yield Difference(check_id, version, problem)
    for version in records:
        yield Difference(check_id, version, "a history record has no event")


def _history_record(step: _Step) -> dict[str, Any]:
    """Return the columns that simple-history's record of this event has to have."""
    kind, _, name = step.event.actor.partition(":")
    return {
        **projection(step.state),
        **identity(step.state),
        "history_change_reason": step.event.type,
        "history_type": "+" if step.event.version == 1 else "~",
        "history_date": step.event.occurred_at,
        "history_user_id": int(name) if kind == Actor.STAFF else None,
    }


def _compare_check(check: Check, state: CheckState) -> Iterator[Difference]:
    cached = cached_columns(check)
    for name, value in (projection(state) | identity(state)).items():
        if cached[name] != value:
            problem = f"{name} is cached as {_shown(cached[name])}, the events have {_shown(value)}"
            yield Difference(check.pk, None, problem)
    if state.erased:
        if check.order_salt or check.order != without_personal_data(check.order):
            yield Difference(check.pk, None, "the check is erased, but its personal data is there")
    elif order_digest(check.order, bytes(check.order_salt)) != state.order_digest:
        yield Difference(check.pk, None, "the order is not the one that was created")


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)

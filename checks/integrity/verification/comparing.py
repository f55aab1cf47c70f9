"""Whether a check's row and its history records are what its events say."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from checks.domain.order_digest import canonical_order, keyed_digest
from checks.domain.personal_data import without_personal_data
from checks.domain.projection import COLUMNS, column_values
from checks.domain.state import CheckState
from checks.integrity.verification.differences import Difference, shown
from checks.integrity.verification.reading import RECORD_COLUMNS, Row, Rows
from checks.integrity.verification.replaying import Step, UnreadableMomentError, moment, replay
from foundation.context import Actor
from foundation.ids import id_in


def compare(check_id: int, rows: Rows) -> list[Difference]:
    """Return all in which a check is not as its events have it, or these are not as they were written."""
    found: list[Difference] = []
    try:
        for difference in _differences(check_id, rows):
            found.append(difference)  # one by one: what was found before an exception counts
    except Exception as error:  # noqa: BLE001 - whatever was forged into the tables has to be reported
        found.append(Difference(check_id, None, f"the check cannot be verified: {error!r}"))
    return found


def _differences(check_id: int, rows: Rows) -> Iterator[Difference]:
    steps, differences = replay(check_id, rows.events)
    yield from differences
    yield from _compare_history(check_id, steps, rows.history)
    if not rows.checks:
        yield Difference(check_id, None, "the check's row is missing")
    elif not steps:
        yield Difference(check_id, None, "the check has no events")
    else:
        yield from _compare_check(rows.checks[0], steps[-1].state)


def _compare_history(check_id: int, steps: list[Step], history: list[Row]) -> Iterator[Difference]:
    records = {record[2]: record for record in history}
    for step in steps:
        version = step.state.version
        record = records.pop(version, None)
        if record is None:
            yield Difference(check_id, version, "the history record is missing")
            continue
        found, expected = _record(record), _expected_record(step)
        if found != expected:
            for name, had, value in _differing(RECORD_COLUMNS, found, expected):
                problem = f"the history record has {name} {shown(had)}, the events {shown(value)}"
                yield Difference(check_id, version, problem)
    for version in records:
        yield Difference(check_id, version, "a history record has no event")


def _record(row: Row) -> tuple[Any, ...]:
    """Return a record's RECORD_COLUMNS."""
    _, status, version, changed_at, lease, *others, date, user_id = row
    return (status, version, _moment(changed_at), _moment(lease), *others, _moment(date), user_id)


def _expected_record(step: Step) -> tuple[Any, ...]:
    """Return the RECORD_COLUMNS that simple-history's record of this event has to have."""
    first = step.state.version == 1
    return (*column_values(step.state), step.type, "+" if first else "~", step.at, _user_id(step.actor))


def _user_id(actor: str) -> int | None:
    kind, _, name = actor.partition(":")
    return id_in(name) if kind == Actor.STAFF else None


def _compare_check(row: Row, state: CheckState) -> Iterator[Difference]:
    check_id, status, version, changed_at, lease, *others, order, salt = row
    cached = (status, version, _moment(changed_at), _moment(lease), *others)
    expected = column_values(state)
    if cached != expected:
        for name, had, value in _differing(COLUMNS, cached, expected):
            problem = f"{name} is cached as {shown(had)}, the events have {shown(value)}"
            yield Difference(check_id, None, problem)
    if state.erased:
        if salt or (kept := json.loads(order)) != without_personal_data(kept):
            yield Difference(check_id, None, "the check is erased, but its personal data is there")
    elif keyed_digest(_canonical(order), bytes.fromhex(salt)) != state.order_digest:
        yield Difference(check_id, None, "the order is not the one that was created")


@lru_cache(maxsize=1)  # the kitchen's check and the client's come one after the other and share their order
def _canonical(order: str) -> bytes:
    return canonical_order(json.loads(order))


@lru_cache(maxsize=256)
def _moment(text: str | None) -> datetime | str | None:
    """Return the moment; its text where it has no datetime, and so is none that an event has."""
    try:
        return moment(text).at if text is not None else None
    except UnreadableMomentError:
        return text


def _differing(
    names: Sequence[str], found: Sequence[Any], expected: Sequence[Any]
) -> Iterator[tuple[str, Any, Any]]:
    return (each for each in zip(names, found, expected, strict=True) if each[1] != each[2])

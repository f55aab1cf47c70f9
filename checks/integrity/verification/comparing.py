"""Comparing a check's row and its history records with what its events say."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from checks.domain.order_digest import canonical_order, keyed_digest
from checks.domain.personal_data import without_personal_data
from checks.domain.projection import COLUMNS, projected
from checks.domain.state import CheckState
from checks.integrity.verification.differences import (
    COLUMN_DIFFERS,
    NO_EVENTS,
    NO_ROW,
    NOT_ERASED,
    NOT_VERIFIABLE,
    ORDER_DIFFERS,
    RECORD_DIFFERS,
    RECORD_MISSING,
    RECORD_UNEXPECTED,
    Difference,
)
from checks.integrity.verification.reading import COMPARED, RECORD_COLUMNS, Row, Rows
from checks.integrity.verification.replaying import Step, UnreadableMomentError, moment, replay
from foundation.context import Actor
from foundation.ids import id_in

_MOMENTS = {"status_changed_at", "lease_expires_at", "history_date"}
_CHECK_MOMENTS = tuple(index for index, name in enumerate(COMPARED.checks) if name in _MOMENTS)
_RECORD_MOMENTS = tuple(index for index, name in enumerate(COMPARED.history) if name in _MOMENTS)
_RECORD_VERSION = COMPARED.history.index("version")


def compare(check_id: int, rows: Rows) -> list[Difference]:
    """Return every difference between a check's events, its row and its history records.

    The one comparison: `verify_events`, the badge on a check's page, the archive and `rebuild_checks` use it.
    """
    found: list[Difference] = []
    try:
        for difference in _differences(check_id, rows):
            found.append(difference)  # one by one: what was found before an exception counts
    except Exception as error:  # noqa: BLE001 - forged tables have to be reported
        found.append(Difference(check_id, None, NOT_VERIFIABLE, {"error": repr(error)}))
    return found


def _differences(check_id: int, rows: Rows) -> Iterator[Difference]:
    steps, differences = replay(check_id, rows.events)
    yield from differences
    yield from _compare_history(check_id, steps, rows.history)
    if not rows.checks:
        yield Difference(check_id, None, NO_ROW)
    elif not steps:
        yield Difference(check_id, None, NO_EVENTS)
    else:
        yield from _compare_check(rows.checks[0], steps[-1].state)


def _compare_history(check_id: int, steps: list[Step], history: list[Row]) -> Iterator[Difference]:
    records = {record[_RECORD_VERSION]: record for record in history}
    for step in steps:
        version = step.state.version
        record = records.pop(version, None)
        if record is None:
            yield Difference(check_id, version, RECORD_MISSING)
            continue
        found, expected = _values(record, _RECORD_MOMENTS)[1:], _expected_record(step)
        if found != expected:
            for facts in _differing(RECORD_COLUMNS, found, expected):
                yield Difference(check_id, version, RECORD_DIFFERS, facts)
    for version in records:
        yield Difference(check_id, version, RECORD_UNEXPECTED)


def _expected_record(step: Step) -> tuple[Any, ...]:
    """Return the RECORD_COLUMNS that the history record of this event has to have."""
    first = step.state.version == 1
    return (*projected(step.state), step.type, "+" if first else "~", step.at, _user_id(step.actor))


def _user_id(actor: str) -> int | None:
    kind, _, name = actor.partition(":")
    return id_in(name) if kind == Actor.STAFF else None


def _compare_check(row: Row, state: CheckState) -> Iterator[Difference]:
    check_id, *cached, order, salt = _values(row, _CHECK_MOMENTS)
    expected = projected(state)
    if tuple(cached) != expected:
        for facts in _differing(COLUMNS, cached, expected):
            yield Difference(check_id, None, COLUMN_DIFFERS, facts)
    if state.erased:
        if salt or (kept := json.loads(order)) != without_personal_data(kept):
            yield Difference(check_id, None, NOT_ERASED)
    elif keyed_digest(_canonical(order), bytes.fromhex(salt)) != state.order_digest:
        yield Difference(check_id, None, ORDER_DIFFERS)


@lru_cache(maxsize=1)  # the kitchen's check and the client's follow each other and share their order
def _canonical(order: str) -> bytes:
    return canonical_order(json.loads(order))


def _values(row: Row, moments: Sequence[int]) -> tuple[Any, ...]:
    """Return the row with the columns at these places read as moments."""
    values = list(row)
    for index in moments:
        values[index] = _moment(values[index])
    return tuple(values)


@lru_cache(maxsize=256)
def _moment(text: str | None) -> datetime | str | None:
    """Return the moment, or its text if no datetime can hold it: then no event has it either."""
    try:
        return moment(text).at if text is not None else None
    except UnreadableMomentError:
        return text


def _differing(
    names: Sequence[str], found: Sequence[Any], expected: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    for name, had, value in zip(names, found, expected, strict=True):
        if had != value:
            yield {"column": name, "found": had, "expected": value}

"""A check as one line of JSON: its row, events and history records with all columns.

Moments are PostgreSQL's text in UTC. Hashes and salts are hexadecimal. Payloads and orders stay JSON.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from checks.integrity.verification.reading import COMPARED, Columns, Row, Rows, side_by_side
from checks.models import Check
from events.models import Event

_NAMES = {"stream_id": "check_id"}  # the name of the column
_JSON = {"data", "order"}


def _all_columns(compared: Sequence[str], model: Any) -> tuple[str, ...]:
    """Return the columns that are compared, followed by the table's other columns."""
    others = (field.attname for field in model._meta.concrete_fields if field.attname not in compared)
    return (*compared, *others)


WHOLE = Columns(
    _all_columns(COMPARED.checks, Check),
    _all_columns(COMPARED.events, Event),
    _all_columns(COMPARED.history, Check.history.model),
)


def lines_of(check_ids: Sequence[int]) -> Iterator[tuple[Rows, bytes]]:
    """Yield the rows and the line of each of these checks that is in the tables, ordered by id."""
    for _, rows in side_by_side(sorted(check_ids), WHOLE):
        yield rows, line_of(rows)


def line_of(rows: Rows) -> bytes:
    """Return the line of a check that has a row."""
    line = {
        "check": _object(rows.checks[0], WHOLE.checks),
        "events": [_object(row, WHOLE.events) for row in rows.events],
        "history": [_object(row, WHOLE.history) for row in rows.history],
    }
    return orjson.dumps(line) + b"\n"


def rows_in(line: bytes) -> Rows:
    """Return the rows in a line as they are read from the tables, with all columns.

    Raises ValueError, LookupError, TypeError or AttributeError if it is no line of an archive.
    """
    found = json.loads(line)
    return Rows(
        [_row(found["check"], WHOLE.checks)],
        [_row(each, WHOLE.events) for each in found["events"]],
        [_row(each, WHOLE.history) for each in found["history"]],
    )


def as_compared(rows: Rows) -> Rows:
    """Return the rows with only the columns that are compared."""
    checks, events, history = (
        [row[: len(columns)] for row in table] for table, columns in zip(rows, COMPARED, strict=True)
    )
    return Rows(checks, events, history)


def _object(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    return {
        _NAMES.get(name, name): orjson.Fragment(value) if name in _JSON else value
        for name, value in zip(columns, row, strict=True)
    }


def _row(fields: dict[str, Any], columns: Sequence[str]) -> Row:
    values = [fields[_NAMES.get(name, name)] for name in columns]
    return tuple(
        json.dumps(value, ensure_ascii=False) if name in _JSON else value
        for name, value in zip(columns, values, strict=True)
    )

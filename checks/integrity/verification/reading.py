"""The rows of the three tables, in one snapshot, as plain tuples.

Moments, UUIDs, JSON and bytes are read as text. That takes a quarter of the time, and most of them are hashed
as text anyway. It also avoids exceptions: the driver cannot read a moment in the year 294276.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from checks.domain.projection import COLUMNS
from checks.models import Check
from events.models import Event

CHECKS_PER_BATCH = 1000
ROWS_PER_FETCH = 2000
CHECKS_PER_FETCH = 20  # an order can be large
LOWEST, HIGHEST = -(2**63), 2**63 - 1

Row = tuple[Any, ...]
_END: tuple[int, Iterable[Row]] = (HIGHEST + 1, ())


class Range(NamedTuple):
    """All checks from one id to another."""

    first: int
    last: int


Selection = Range | list[int]


class Rows(NamedTuple):
    """The rows of one check in the three tables; `checks` has at most one."""

    checks: list[Row]
    events: list[Row]
    history: list[Row]


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def _digits(name: str) -> Func:
    return Func(name, Value("hex"), function="encode", output_field=TextField())


_READ_AS = {
    "data": _text,
    "correlation_id": _text,
    "occurred_at": _text,
    "event_uid": _text,
    "recorded_at": _text,
    "hash": _digits,
    "prev_hash": _digits,
    "status_changed_at": _text,
    "lease_expires_at": _text,
    "history_date": _text,
    "order": _text,
    "order_salt": _digits,
}
EVENT_COLUMNS = (
    "stream_id",
    "version",
    "type",
    "schema_version",
    "data",
    "actor",
    "correlation_id",
    "occurred_at",
    "event_uid",
    "hash",
    "prev_hash",
    "tx_id",
)
RECORD_COLUMNS = (
    *COLUMNS,
    "history_change_reason",
    "history_type",
    "history_date",
    "history_user_id",
)
CHECK_COLUMNS = (*COLUMNS, "order", "order_salt")


class Columns(NamedTuple):
    """The columns to read of checks, events and history records. The check's id comes first."""

    checks: tuple[str, ...]
    events: tuple[str, ...]
    history: tuple[str, ...]


COMPARED = Columns(("id", *CHECK_COLUMNS), EVENT_COLUMNS, ("id", *RECORD_COLUMNS))


def batches() -> Iterator[Range]:
    """Divide all possible ids into ranges of CHECKS_PER_BATCH checks each.

    The ranges have no gaps and the last one has no end, so that they include the events and history records
    of checks that are gone.
    """
    first = LOWEST
    while True:
        checks = Check.objects.filter(id__gte=first).order_by("id")
        ends = list(checks.values_list("id", flat=True)[CHECKS_PER_BATCH - 1 : CHECKS_PER_BATCH])
        if not ends:
            break
        yield Range(first, ends[0])
        first = ends[0] + 1
    yield Range(first, HIGHEST)


def side_by_side(selection: Selection, columns: Columns = COMPARED) -> Iterator[tuple[int, Rows]]:
    """Yield the rows of one check after another, ordered by id, from all three tables."""
    streams = [groupby(rows, itemgetter(0)) for rows in tables(selection, columns)]
    heads = [next(stream, _END) for stream in streams]
    while (check_id := min(heads[0][0], heads[1][0], heads[2][0])) <= HIGHEST:
        found: list[list[Row]] = [[], [], []]
        for number, (head_id, rows) in enumerate(heads):
            if head_id == check_id:
                found[number] = list(rows)
                heads[number] = next(streams[number], _END)
        yield check_id, Rows(*found)


def tables(
    selection: Selection, columns: Columns = COMPARED
) -> tuple[Iterator[Row], Iterator[Row], Iterator[Row]]:
    """Return the rows of checks, events and history records; the check's id comes first and orders them."""
    checks = _rows(Check.objects, "id", selection, columns.checks).order_by("id")
    events = _rows(Event.objects, "stream_id", selection, columns.events).order_by("stream_id", "version")
    history = _rows(Check.history, "id", selection, columns.history).order_by("id", "version")
    return (
        checks.iterator(CHECKS_PER_FETCH),
        events.iterator(ROWS_PER_FETCH),
        history.iterator(ROWS_PER_FETCH),
    )


def _rows(manager: Any, key: str, selection: Selection, columns: Iterable[str]) -> "QuerySet[Any, Any]":
    if isinstance(selection, Range):
        chosen = manager.filter(**{f"{key}__gte": selection.first, f"{key}__lte": selection.last})
    else:
        chosen = manager.filter(**{f"{key}__in": selection})
    queryset: QuerySet[Any, Any] = chosen.values_list(
        *(_READ_AS[name](name) if name in _READ_AS else name for name in columns)
    )
    return queryset

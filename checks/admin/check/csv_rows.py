"""Checks as CSV, row by row: a server-side cursor reads, nothing gathers."""

import csv
import io
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Any, cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone

from checks.models import Check
from events.models import Event
from foundation.db.analytics import analytical_reads

CHUNK = 1000
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes Cyrillic for something else
COLUMNS = {
    "id": "pk",
    "order_id": "order_id",
    "type": "type",
    "status": "status",
    "status_changed_at": "status_changed_at",
    "version": "version",
    "printer_id": "printer_id",
    "printer": "printer__name",
    "point_id": "printer__point_id",
}
PERSONAL = {"client_name": KT("order__client__name"), "client_phone": KT("order__client__phone")}
PERSONAL["address"] = KT("order__address")
# What spreadsheets take for the beginning of a formula, also behind spaces and in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_of_checks(checks: QuerySet[Check], *, with_personal_data: bool) -> Iterator[str]:
    """Yield the checks as CSV in pieces of some rows, in the order of the query, as of one moment.

    The transaction lasts as long as the reading: a cursor of its own would be filled before the first row.
    It reads where analysts do, which may be a replica that lags behind the list.
    """
    personal = PERSONAL if with_personal_data else {}
    created = Event.objects.filter(stream=OuterRef("pk"), version=1).values("occurred_at")[:1]
    columns = [*COLUMNS.values(), "created_at", *personal]
    yield BYTE_ORDER_MARK + _lines([[*COLUMNS, "created_at", *personal]])
    with analytical_reads() as database:
        rows = checks.using(database).annotate(created_at=Subquery(created), **personal).values_list(*columns)
        # A reader may go away halfway: the cursor closes before its transaction.
        reading = cast("Generator[tuple[Any, ...]]", rows.iterator(chunk_size=CHUNK))
        with closing(reading) as found:
            cells = (map(_cell, row) for row in found)
            while piece := _lines(islice(cells, CHUNK)):
                yield piece


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value

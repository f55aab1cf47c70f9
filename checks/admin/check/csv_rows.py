"""Checks as CSV rows, streamed from a server-side cursor."""

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from typing import Any, cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from checks.models import Check
from events.models import Event
from foundation.csv_cells import BYTE_ORDER_MARK, csv_lines
from foundation.db.analytics import analytical_reads

ROWS_PER_PIECE = 1000
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
PERSONAL = {
    "client_name": KT("order__client__name"),
    "client_phone": KT("order__client__phone"),
    "address": KT("order__address"),
}


def csv_of_checks(checks: QuerySet[Check], *, with_personal_data: bool) -> Iterator[str]:
    """Yield the checks as CSV in pieces of many rows, in the order of the query, as of one moment.

    The transaction lasts as long as the reading, because a cursor without one would first fetch every row. It
    reads from the analysts' database, which may be a replica and lag behind the list.
    """
    personal = PERSONAL if with_personal_data else {}
    created = Event.objects.filter(stream=OuterRef("pk"), version=1).values("occurred_at")[:1]
    columns = [*COLUMNS.values(), "created_at", *personal]
    yield BYTE_ORDER_MARK + csv_lines([[*COLUMNS, "created_at", *personal]])
    with analytical_reads() as database:
        rows = checks.using(database).annotate(created_at=Subquery(created), **personal).values_list(*columns)
        # A reader may disconnect halfway. Then the cursor must close before its transaction.
        reading = cast("Generator[tuple[Any, ...]]", rows.iterator(chunk_size=ROWS_PER_PIECE))
        with closing(reading) as found:
            while piece := csv_lines(islice(found, ROWS_PER_PIECE)):
                yield piece

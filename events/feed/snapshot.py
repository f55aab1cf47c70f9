"""Several queries that see the same state of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

from foundation.db.query import value

Row = TypeVar("Row")


@contextmanager
def one_snapshot(exported: str | None = None) -> Iterator[None]:
    """Run all queries on one snapshot: an exported one, or a new one.

    Inside a caller's transaction, that transaction's snapshot counts.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if exported:
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [exported])
        yield


def export_snapshot() -> str:
    """Return the name of this transaction's snapshot. Others can use it until the transaction ends."""
    return str(value("SELECT pg_export_snapshot()"))


@contextmanager
def closed_at_the_end(rows: Iterator[Row]) -> Iterator[Iterator[Row]]:
    """Close the cursor behind a queryset's iterator, even if it was not read to its end."""
    try:
        yield rows
    finally:
        rows.close()  # type: ignore[attr-defined] # it is a generator

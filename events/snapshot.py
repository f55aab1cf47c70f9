"""Several queries that see one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

Row = TypeVar("Row")


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let all queries see the same moment; inside a caller's transaction they see what that one sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def closed_at_the_end(rows: Iterator[Row]) -> Iterator[Iterator[Row]]:
    """Close the cursor behind a queryset's iterator, also when it was not read to its end."""
    try:
        yield rows
    finally:
        rows.close()  # type: ignore[attr-defined] # it is a generator

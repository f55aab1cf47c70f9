"""What only the owner of the tables can do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from forfar.db.catalog import Table, append_only_tables


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let changes past the append-only triggers; afterwards these are as they were."""
    guarded = append_only_tables()
    _alter(guarded, "DISABLE TRIGGER")
    try:
        yield
    finally:
        _alter(guarded, "ENABLE ALWAYS TRIGGER")


def _alter(tables: list[Table], action: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table.name} {action} {table.guard}")

"""What only the owner of the tables can do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Those that fire in every mode: the guards of append-only tables, for statements and for rows.
GUARDS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE tgenabled = 'A' AND NOT tgisinternal ORDER BY 1, 2
"""


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let changes past the append-only triggers; afterwards these are as they were."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        guards: list[tuple[str, str]] = cursor.fetchall()
    _alter(guards, "DISABLE TRIGGER")
    try:
        yield
    finally:
        _alter(guards, "ENABLE ALWAYS TRIGGER")


def _alter(guards: list[tuple[str, str]], action: str) -> None:
    with connection.cursor() as cursor:
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} {action} {trigger}")

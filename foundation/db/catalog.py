"""Our tables in PostgreSQL's catalog."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

# Bits of pg_trigger.tgtype: for each row; before; delete, update, truncate.
ROW, BEFORE_A_CHANGE = 1, 2 | 8 | 16 | 32

# A table is append-only when a statement trigger, by any name, fires on every change in every mode.
TABLES = """
    SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), pg_has_role(c.relowner, 'USAGE'), (
        SELECT min(t.tgname) FROM pg_trigger t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled = 'A'
          AND t.tgtype & %s = 0 AND t.tgtype & %s = %s
    )
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (n.nspname = current_schema() OR n.nspname = ANY(%s)) AND c.relkind IN ('r', 'p', 'v', 'm')
    ORDER BY n.nspname <> current_schema(), n.nspname, c.relname
"""


class Table(NamedTuple):
    """A table or view. `guard` is the trigger that makes it append-only."""

    schema: str
    name: str
    is_view: bool
    is_ours: bool
    guard: str | None


def tables(*, other_schemas: Sequence[str] = ()) -> list[Table]:
    """Return the tables and views of the current schema, then of the others, each sorted by name."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [ROW, BEFORE_A_CHANGE, BEFORE_A_CHANGE, list(other_schemas)])
        return [Table(*row) for row in cursor.fetchall()]


def append_only_tables() -> list[Table]:
    """Return the tables that refuse every UPDATE, DELETE and TRUNCATE."""
    return [table for table in tables() if table.guard]

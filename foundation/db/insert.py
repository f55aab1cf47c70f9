"""Multi-row inserts whose SQL is built once.

Django's bulk_create takes longer to build such a statement than PostgreSQL to execute it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import Jsonb


class Insert:
    """Inserts rows, given as mappings from these fields of `model`; other columns get their defaults.

    Values are what the driver takes; dictionaries and lists become JSON.
    """

    def __init__(self, model: type[models.Model], fields: Sequence[str], *, returning: str = "") -> None:
        self._fields = fields
        table, columns = model._meta.db_table, [_column(model, name) for name in fields]
        self._head = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES '  # noqa: S608 - names of ours
        self._row = f"({', '.join(['%s'] * len(columns))})"
        self._tail = f' RETURNING "{returning}"' if returning else ""

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert all rows with one statement; return the `returning` column of each, in the same order."""
        sql = self._head + ", ".join([self._row] * len(rows)) + self._tail
        with connection.cursor() as cursor:
            cursor.execute(sql, [_adapted(row[field]) for row in rows for field in self._fields])
            return [row[0] for row in cursor.fetchall()] if self._tail else []


def _column(model: type[models.Model], field: str) -> str:
    return f'"{model._meta.get_field(field).column}"'  # type: ignore[union-attr]


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value

"""Queries for a single value."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def value(sql: str, *parameters: Any, using: str = DEFAULT_DB_ALIAS) -> Any:
    """Return the first column of the query's first row, or None if there is no row."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters or None)
        row = cursor.fetchone()
    return row[0] if row else None

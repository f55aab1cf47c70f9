"""The shortest way to one answer."""

from typing import Any

from django.db import connection


def value(sql: str, *parameters: Any) -> Any:
    """Return the first column of the query's first row, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        row = cursor.fetchone()
    return row[0] if row else None

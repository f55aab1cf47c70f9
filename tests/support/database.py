"""Leaves the test database as the migrations made it, after tests that commit.

Django's flush truncates every table and makes all permissions again, which takes 0.2 s for each test. This
truncates only tables that have rows, and restores the rows of the migrations only where a test changed them.
"""

import io
from typing import Any

from django.db import connection

from tests.support.owner import without_triggers

TABLES = """
    SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema')
"""
NOT_EMPTY = TABLES + " AND pg_relation_size(pg_class.oid) > 0"

_made_by_migrations: dict[str, str] = {}


def remember_rows_of_migrations() -> None:
    """Call this when the test database has just been made."""
    _made_by_migrations.update({table: rows_of(table) for table in tables(NOT_EMPTY)})


def undo_commits(_test_case: Any) -> None:
    """Stand in for TransactionTestCase._fixture_teardown."""
    changed = {table: rows for table, rows in _made_by_migrations.items() if rows_of(table) != rows}
    filled = set(tables(NOT_EMPTY)) - _made_by_migrations.keys()
    if not filled | changed.keys():
        return
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(filled | changed.keys())} CASCADE")
        for table, rows in changed.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))


def tables(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [table for (table,) in cursor.fetchall()]


def rows_of(table: str) -> str:
    """Return the table's rows in their order on disk, which an UPDATE changes too."""
    copied = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT", copied)
    return copied.getvalue()

"""Reading the catalog of a server that lacks two columns that Django queries."""

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import introspection
from django.db.backends.utils import CursorWrapper

if TYPE_CHECKING:
    from foundation.db.postgresql.base import DatabaseWrapper

# Before 10 there are no partitions and no identity columns. Serial columns are recognised by their default.
ABSENT_BEFORE_10 = {"c.relispartition": "false", "a.attidentity != ''": "false"}


class CursorBefore10:
    """A cursor that replaces the missing columns in Django's queries, so that we need not copy them."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self._cursor = cursor

    def execute(self, sql: str, params: Any = None) -> None:
        for column, value in ABSENT_BEFORE_10.items():
            sql = sql.replace(column, value)
        self._cursor.execute(sql, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Django's, without `relispartition` and `attidentity` before 10."""

    connection: "DatabaseWrapper"

    def get_table_list(self, cursor: Any) -> Any:
        if not self.connection.features.has_partitions:
            cursor = CursorBefore10(cursor)
        return super().get_table_list(cursor)

    def get_table_description(self, cursor: Any, table_name: str) -> Any:
        if not self.connection.features.has_identity_columns:
            cursor = CursorBefore10(cursor)
        return super().get_table_description(cursor, table_name)

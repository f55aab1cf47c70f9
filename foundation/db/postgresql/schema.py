"""Making and altering tables on a server without identity columns, as Django did until 4.0."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import schema
from django.db.backends.utils import strip_quotes, truncate_name
from django.db.models import Field, Model

if TYPE_CHECKING:
    from foundation.db.postgresql.base import DatabaseWrapper

Statement = tuple[str, list[Any]]

AUTO_FIELDS = {"AutoField", "BigAutoField", "SmallAutoField"}
SERIAL_TYPES = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


def is_auto(field: "Field[Any, Any]") -> bool:
    return field.get_internal_type() in AUTO_FIELDS


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's. Before 10 an AutoField is a serial column, whose sequence is made and dropped here."""

    connection: "DatabaseWrapper"

    # One more than the greatest value, and at least 1: an empty table has no greatest value.
    sql_make_serial = (
        "CREATE SEQUENCE %(sequence)s",
        "ALTER SEQUENCE %(sequence)s OWNED BY %(table)s.%(column)s",
        "SELECT setval('%(sequence)s', GREATEST(MAX(%(column)s), 0) + 1, false) FROM %(table)s",
        "ALTER TABLE %(table)s ALTER COLUMN %(column)s SET DEFAULT nextval('%(sequence)s')",
    )
    sql_drop_serial = "ALTER TABLE %(table)s ALTER COLUMN %(column)s DROP DEFAULT"

    def _iter_column_sql(
        self, column_db_type: str, params: list[Any], model: type[Model], field: "Field[Any, Any]", *rest: Any
    ) -> Iterator[str]:
        """Write a new column. A serial type is not a real type, so it appears here and in no cast."""
        if is_auto(field) and not self.connection.features.has_identity_columns:
            column_db_type = SERIAL_TYPES.get(column_db_type, column_db_type)
        parts: Iterator[str] = super()._iter_column_sql(column_db_type, params, model, field, *rest)  # type: ignore[misc]
        return parts

    def _alter_column_type_sql(
        self, model: type[Model], old_field: "Field[Any, Any]", new_field: "Field[Any, Any]", *rest: Any
    ) -> tuple[Statement, list[Statement]]:
        """Alter a column's type. Where Django changes the identity, change the serial column's sequence.

        A column that stops being auto loses its default here, and its sequence by Django's own statement. A
        column that stays auto keeps its sequence, which counts in bigint before 10 for any type of column.
        """
        has_identity = self.connection.features.has_identity_columns
        if not has_identity:
            self.sql_drop_indentity = self.sql_drop_serial  # the name is misspelt in Django
        fragment, after = super()._alter_column_type_sql(model, old_field, new_field, *rest)  # type: ignore[misc]
        if not has_identity and is_auto(new_field):
            if not is_auto(old_field):
                after = self._make_serial_sql(model, new_field)
            elif old_field.get_internal_type() != new_field.get_internal_type():
                after = []
        return fragment, after

    def _make_serial_sql(self, model: type[Model], field: "Field[Any, Any]") -> list[Statement]:
        table, column = strip_quotes(model._meta.db_table), strip_quotes(str(field.column))
        sequence = truncate_name(f"{table}_{column}_seq", self.connection.ops.max_name_length())
        names = {"sequence": sequence, "table": table, "column": column}
        quoted = {key: self.quote_name(name) for key, name in names.items()}
        return [(sql % quoted, []) for sql in self.sql_make_serial]

    def _is_collation_deterministic(self, collation_name: str) -> bool | None:
        """Return whether a collation is deterministic. Before 12 all are, and no column says so."""
        if not self.connection.features.supports_non_deterministic_collations:
            return True
        answer: bool | None = super()._is_collation_deterministic(collation_name)  # type: ignore[misc]
        return answer

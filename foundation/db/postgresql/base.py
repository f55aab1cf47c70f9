"""The connection. Django looks in an engine's `base` module for a class of this name."""

from django.db.backends.postgresql import base
from django.utils.functional import cached_property

from foundation.db.postgresql.features import DatabaseFeatures
from foundation.db.postgresql.introspection import DatabaseIntrospection
from foundation.db.postgresql.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL 9.6 or later. From 14 on it does exactly what Django's does."""

    features: DatabaseFeatures
    SchemaEditorClass = DatabaseSchemaEditor
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection

    def get_database_version(self) -> tuple[int, ...]:
        """Return (9, 6, 24) for 90624: before 10 the first two numbers were the major version.

        Django would return (9, 624), and its (9, 525) for 9.5.25 would count as newer than 9.6.
        """
        major, minor = divmod(self.pg_version, 10000)
        return (major, minor) if major >= 10 else (major, *divmod(minor, 100))

    @cached_property
    def data_types_suffix(self) -> dict[str, str]:  # type: ignore[override]
        """Leave out GENERATED … AS IDENTITY before 10, where the schema editor writes serial types.

        The suffixes are empty, not absent: the schema editor recognises a column that becomes an AutoField by
        its changed suffix. Only schema editors read this, so other code needs no connection for it.
        `data_types` stays Django's, because checks, casts and bulk inserts read it too.
        """
        suffixes = super().data_types_suffix
        return suffixes if self.features.has_identity_columns else dict.fromkeys(suffixes, "")

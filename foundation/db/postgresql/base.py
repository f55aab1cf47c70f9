"""The connection. Django looks for a class of this name in the `base` module of an engine."""

from django.db.backends.postgresql import base
from django.utils.functional import cached_property

from foundation.db.postgresql.features import DatabaseFeatures
from foundation.db.postgresql.introspection import DatabaseIntrospection
from foundation.db.postgresql.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL 9.6 or later; from 14 on it does just what Django's own does."""

    features: DatabaseFeatures
    SchemaEditorClass = DatabaseSchemaEditor
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection

    def get_database_version(self) -> tuple[int, ...]:
        """Give 90624 as (9, 6, 24): until 10 the first two numbers were the major version.

        Django's own answer would be (9, 624), and its (9, 525) for 9.5.25 would pass for 9.6.
        """
        major, minor = divmod(self.pg_version, 10000)
        return (major, minor) if major >= 10 else (major, *divmod(minor, 100))

    @cached_property
    def data_types_suffix(self) -> dict[str, str]:  # type: ignore[override]
        """Leave GENERATED … AS IDENTITY out before 10; the schema editor writes serial types instead.

        The suffixes are then empty and not absent, because the schema editor tells a column that becomes an
        AutoField by a suffix that changed. Only schema editors read this, so it costs no other code a
        connection. `data_types` stays Django's: checks, casts and bulk inserts read it too.
        """
        suffixes = super().data_types_suffix
        return suffixes if self.features.has_identity_columns else dict.fromkeys(suffixes, "")

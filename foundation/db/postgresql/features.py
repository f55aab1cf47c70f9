"""What a server can do, by its version. Django 5.2's own flags assume PostgreSQL 14."""

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import features

if TYPE_CHECKING:
    from foundation.db.postgresql.base import DatabaseWrapper


def since(major: int) -> Any:  # a property, where Django's own class has a plain bool
    """Make a flag that is on from this major version, which is 10 or later. Reading it asks the server."""

    def is_on(self: "DatabaseFeatures") -> bool:
        return self.connection.pg_version >= major * 10000

    return property(is_on)


class DatabaseFeatures(features.DatabaseFeatures):
    """Where a flag is off, Django gives a warning, raises NotSupportedError or takes another way."""

    connection: "DatabaseWrapper"
    minimum_database_version = (9, 6)

    # GENERATED … AS IDENTITY, pg_attribute.attidentity, ALTER SEQUENCE … AS.
    has_identity_columns = since(10)
    # Declarative partitions, pg_class.relispartition.
    has_partitions = since(10)
    # INCLUDE: the index is made without it (W040), a unique constraint is not made (W039).
    supports_covering_indexes = since(11)
    # EXCLUDE in a window's frame: NotSupportedError.
    supports_frame_exclusion = since(11)
    # GENERATED ALWAYS AS (…) STORED: fields.E220.
    supports_stored_generated_columns = since(12)
    # pg_collation.collisdeterministic.
    supports_non_deterministic_collations = since(12)

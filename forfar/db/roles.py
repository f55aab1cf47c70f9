"""What the roles beside the tables' owner may do, as SQL.

The application's role does all that the service does, and cannot change what was written once: of append-only
tables and of history it may SELECT and INSERT. Without UPDATE it cannot lock their rows either, without
ownership neither disable a trigger nor drop a table, and without CREATE on the schema it makes no objects.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from simple_history.models import HistoricalChanges

from forfar.db.catalog import Table, tables
from forfar.db.query import value
from forfar.errors import ForFarError

READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE, DELETE"
NEVER = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
MIGRATIONS = "django_migrations"
# What the owner alone takes out of the log, he alone lists.
ARCHIVE = {"events_archivepart", "events_archivedcheck", "events_archivedstretch"}


class RoleRefusedError(ForFarError):
    """Granting to this role would not restrain it, or cannot be done by us."""

    code = "role_refused"
    message = "%(reason)s"


class Kind(NamedTuple):
    """What a kind of role may do: with a table that is there, with one that a later migration makes."""

    on_table: Callable[[Table, set[str]], str]
    on_later_tables: str


def _of_the_application(table: Table, histories: set[str]) -> str:
    if table.name == MIGRATIONS or table.name in ARCHIVE:
        return READ
    return ADD if table.guard or table.name in histories else CHANGE


# A later append-only table is fully granted until grant_roles runs again; its trigger stands all the same.
APPLICATION = Kind(_of_the_application, CHANGE)


def grants(role: str, kind: Kind) -> Iterator[str]:
    """Yield the statements that give the role what its kind may do, and take all else from it.

    Raises RoleRefusedError for a role that cannot be restrained: the owner, its members, superusers.
    """
    _require_ownership()
    _require_restrainable(role)
    name, schema, database = _quoted(role), _quoted(_current("schema")), _quoted(_current("database"))
    if not _exists(role):
        yield f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    histories = history_tables()
    for table in tables():
        if table.is_ours:
            target = f"TABLE {schema}.{_quoted(table.name)}"
            yield f"REVOKE ALL ON {target} FROM {name}"
            yield f"GRANT {kind.on_table(table, histories)} ON {target} TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {name}"
    later = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
    yield f"{later} REVOKE ALL ON TABLES FROM {name}"
    yield f"{later} GRANT {kind.on_later_tables} ON TABLES TO {name}"
    yield f"{later} GRANT USAGE, SELECT ON SEQUENCES TO {name}"
    yield f"{later} GRANT EXECUTE ON FUNCTIONS TO {name}"


def excesses(role: str) -> list[str]:
    """Return what the role may do in spite of its grants, by way of PUBLIC or of other roles."""
    histories = history_tables()
    has_maintain = value("SELECT current_setting('server_version_num')::int >= 170000")  # it may lock tables
    never = [*NEVER, *(["MAINTAIN"] if has_maintain else [])]
    kept = [table.name for table in tables() if table.guard or table.name in histories]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT privilege || ' on ' || name
            FROM unnest(%s) AS name, unnest(%s) AS privilege
            WHERE has_table_privilege(%s, quote_ident(name), privilege)
               OR privilege IN ('UPDATE', 'REFERENCES')
                  AND has_any_column_privilege(%s, quote_ident(name), privilege)
            UNION ALL
            SELECT 'CREATE on schema ' || current_schema()
            WHERE has_schema_privilege(%s, current_schema(), 'CREATE')
            """,
            [kept, never, role, role, role],
        )
        return [row[0] for row in cursor.fetchall()]


def history_tables() -> set[str]:
    """Return the tables that simple-history writes."""
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, HistoricalChanges)}


def _require_ownership() -> None:
    foreign = [table.name for table in tables() if table.guard and not table.is_ours]
    if foreign:
        raise RoleRefusedError(reason=f"Only the owner of {', '.join(foreign)} can grant rights on it.")


def _require_restrainable(role: str) -> None:
    has_our_rights = "bool_or(rolsuper OR pg_has_role(oid, current_user, 'MEMBER'))"
    if value(f"SELECT {has_our_rights} FROM pg_roles WHERE rolname = %s", role):  # noqa: S608  a constant
        raise RoleRefusedError(reason=f"The role {role} has the rights of the tables' owner: take another.")


def _exists(role: str) -> bool:
    return value("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", role) is True


def _current(what: str) -> str:
    return str(value(f"SELECT current_{what}()"))


def _quoted(name: str) -> str:
    return str(value("SELECT quote_ident(%s)", name))

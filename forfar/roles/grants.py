"""The rights of the roles that do not own the tables, as SQL.

The application's role can do everything that the service does, but cannot change what was written once: in
append-only tables and in history it has only SELECT and INSERT. Without UPDATE it cannot lock their rows,
without ownership it cannot disable a trigger or drop a table, without CREATE it cannot make objects.

An analyst's role reads the log and the schema `analytics`, which hold no personal data and no keys.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from simple_history.models import HistoricalChanges

from forfar.roles.kinds import PRIVILEGES, Kind
from foundation.db import catalog
from foundation.db.catalog import Table
from foundation.db.query import value
from foundation.errors import ForFarError
from readers.analytics.statements import SCHEMA as ANALYTICS


class RoleRefusedError(ForFarError):
    """Grants would not restrict this role, or we may not grant."""

    code = "role_refused"
    message = "%(reason)s"


MAX_BYTES = 63  # of a name; PostgreSQL cuts off what is longer
RESERVED = {"public", "none"}


def grants(role: str, kind: Kind) -> Iterator[str]:
    """Yield the statements that give the role the rights of its kind, and revoke all others.

    Raises RoleRefusedError for a role that cannot be restricted: the owner, its members, superusers, PUBLIC.
    """
    _require_ownership()
    _require_restrainable(role)
    name, database = _quoted(role), _quoted(_current("database"))
    if not _exists(role):
        yield f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {kind.attributes}".rstrip()
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    if not kind.makes_temporary_tables:
        yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}"
    for schema in _schemas():
        yield from _on_schema(schema, name, kind)
    for setting, default in kind.settings.items():
        if _lacks(role, setting):
            yield f"ALTER ROLE {name} SET {setting} = {default}"


def _on_schema(schema: str, name: str, kind: Kind) -> Iterator[str]:
    quoted = _quoted(schema)
    yield f"REVOKE CREATE ON SCHEMA {quoted} FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA {quoted} TO {name}"
    histories = history_tables()
    for table in _tables():
        if table.is_ours and table.schema == schema:
            target = f"TABLE {quoted}.{_quoted(table.name)}"
            yield f"REVOKE ALL ON {target} FROM {name}"
            yield from _grant(kind.on_table(table, histories), target, name)
    everything = f"IN SCHEMA {quoted}"
    yield f"REVOKE ALL ON ALL SEQUENCES {everything} FROM {name}"
    yield from _grant(kind.on_sequences, f"ALL SEQUENCES {everything}", name)
    yield f"GRANT EXECUTE ON ALL FUNCTIONS {everything} TO {name}"
    for granted, objects in (
        (kind.on_later_tables(schema), "TABLES"),
        (kind.on_sequences, "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        later = f"ALTER DEFAULT PRIVILEGES {everything}"
        yield f"{later} REVOKE ALL ON {objects} FROM {name}"
        yield from (f"{later} {grant}" for grant in _grant(granted, objects, name))


def _grant(privileges: str, target: str, name: str) -> Iterator[str]:
    if privileges:
        yield f"GRANT {privileges} ON {target} TO {name}"


def excesses(role: str, kind: Kind) -> list[str]:
    """Return the rights that the role still has through PUBLIC or other roles."""
    names, never = [], []
    for table, privilege in _never(kind):
        names.append(f"{_quoted(table.schema)}.{_quoted(table.name)}")
        never.append(privilege)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT privilege || ' on ' || name::regclass
            FROM unnest(%s::text[], %s::text[]) AS never (name, privilege)
            WHERE has_table_privilege(%s, name, privilege)
               OR privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                  AND has_any_column_privilege(%s, name, privilege)
            UNION ALL
            SELECT 'CREATE on schema ' || schema FROM unnest(%s) AS schema
            WHERE has_schema_privilege(%s, schema, 'CREATE')
            UNION ALL
            SELECT 'TEMPORARY on database ' || current_database()
            WHERE NOT %s AND has_database_privilege(%s, current_database(), 'TEMPORARY')
            """,
            [names, never, role, role, _schemas(), role, kind.makes_temporary_tables, role],
        )
        return [row[0] for row in cursor.fetchall()]


def _never(kind: Kind) -> Iterator[tuple[Table, str]]:
    """Yield each of our tables with each right that this kind must not have."""
    has_maintain = value("SELECT current_setting('server_version_num')::int >= 170000")  # allows LOCK TABLE
    known = [*PRIVILEGES, *(["MAINTAIN"] if has_maintain else [])]
    histories = history_tables()
    for table in _tables():
        granted = kind.on_table(table, histories)
        if table.is_ours:
            yield from ((table, privilege) for privilege in known if privilege not in granted)


def history_tables() -> set[str]:
    """Return simple-history's tables."""
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, HistoricalChanges)}


def _require_ownership() -> None:
    foreign = [table.name for table in _tables() if table.guard and not table.is_ours]
    if foreign:
        raise RoleRefusedError(reason=f"Only the owner of {', '.join(foreign)} can grant rights on it.")


def _require_restrainable(role: str) -> None:
    if role in RESERVED or role.startswith("pg_"):
        raise RoleRefusedError(reason=f"PostgreSQL keeps the name {role} for itself: take another.")
    if len(role.encode()) > MAX_BYTES:
        raise RoleRefusedError(reason=f"A role's name has {MAX_BYTES} bytes at most: take a shorter one.")
    has_our_rights = "bool_or(rolsuper OR pg_has_role(oid, current_user, 'MEMBER'))"
    if value(f"SELECT {has_our_rights} FROM pg_roles WHERE rolname = %s", role):  # noqa: S608  a constant
        raise RoleRefusedError(reason=f"The role {role} has the rights of the tables' owner: take another.")


def _tables() -> list[Table]:
    return catalog.tables(other_schemas=[ANALYTICS])


def _exists(role: str) -> bool:
    return value("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", role) is True


def _lacks(role: str, setting: str) -> bool:
    """Return whether the server knows the setting and the role has no value of its own."""
    return bool(
        value(
            """
            SELECT EXISTS (SELECT 1 FROM pg_settings WHERE name = %s) AND NOT EXISTS (
                SELECT 1 FROM pg_roles r JOIN pg_db_role_setting s ON s.setrole = r.oid,
                     unnest(s.setconfig) AS given
                WHERE r.rolname = %s AND split_part(given, '=', 1) = %s
            )
            """,
            setting,
            role,
            setting,
        )
    )


def _schemas() -> list[str]:
    """Return the service's schema, and the analysts' one if it exists."""
    there = value("SELECT to_regnamespace(%s) IS NOT NULL", ANALYTICS)
    return [_current("schema"), *([ANALYTICS] if there else [])]


def _current(what: str) -> str:
    return str(value(f"SELECT current_{what}()"))


def _quoted(name: str) -> str:
    return str(value("SELECT quote_ident(%s)", name))

"""The kinds of roles that do not own the tables, and their rights on each table."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from events.models import ArchivedCheck, ArchivedStretch, ArchivePart, Event
from foundation.db.catalog import Table
from readers.analytics.statements import SCHEMA as ANALYTICS

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
NOTHING = ""
READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE, DELETE"
MIGRATIONS = "django_migrations"
LOG = Event._meta.db_table
# Only the owner removes events from the log, so only the owner lists them here.
ARCHIVE = {model._meta.db_table for model in (ArchivePart, ArchivedCheck, ArchivedStretch)}


class Kind(NamedTuple):
    """The rights of a kind of role, as lists of privileges.

    `on_table` takes an existing table and the names of the history tables. `on_later_tables` takes a schema
    in which later migrations make tables. `settings` are its sessions' defaults, `attributes` the role's own.
    """

    on_table: Callable[[Table, set[str]], str]
    on_later_tables: Callable[[str], str]
    on_sequences: str
    makes_temporary_tables: bool
    settings: Mapping[str, str]
    attributes: str


def _of_the_application(table: Table, histories: set[str]) -> str:
    if table.name == MIGRATIONS or table.name in ARCHIVE or table.is_view:
        return READ
    return ADD if table.guard or table.name in histories else CHANGE


def _of_an_analyst(table: Table, _histories: set[str]) -> str:
    return READ if table.schema == ANALYTICS or table.name == LOG else NOTHING


# A later append-only table is fully granted until grant_roles runs again. Its trigger protects it meanwhile.
APPLICATION = Kind(
    on_table=_of_the_application,
    on_later_tables=lambda _: CHANGE,
    on_sequences="USAGE, SELECT",
    makes_temporary_tables=True,
    settings={},
    attributes="",
)
# The settings are only defaults, which keep analysts out of a kitchen's way. The rights restrict them.
ANALYST = Kind(
    on_table=_of_an_analyst,
    on_later_tables=lambda schema: READ if schema == ANALYTICS else NOTHING,
    on_sequences=NOTHING,
    makes_temporary_tables=False,
    settings={
        "default_transaction_read_only": "on",
        "statement_timeout": "'60s'",
        "lock_timeout": "'5s'",
        "idle_in_transaction_session_timeout": "'60s'",
        "jit": "off",  # since 11; compiling takes longer than reading a day
    },
    attributes="CONNECTION LIMIT 10",
)

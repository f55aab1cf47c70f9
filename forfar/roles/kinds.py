"""The kinds of roles beside the tables' owner, and what each may do with a table."""

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
# What the owner alone takes out of the log, he alone lists.
ARCHIVE = {model._meta.db_table for model in (ArchivePart, ArchivedCheck, ArchivedStretch)}


class Kind(NamedTuple):
    """What a kind of role may do, as lists of privileges.

    `on_table` is asked of a table that is there, with the names of the history tables; `on_later_tables` of a
    schema in which later migrations make tables. `settings` are those of its sessions, `attributes` its own.
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


# A later append-only table is fully granted until grant_roles runs again; its trigger stands all the same.
APPLICATION = Kind(
    on_table=_of_the_application,
    on_later_tables=lambda _: CHANGE,
    on_sequences="USAGE, SELECT",
    makes_temporary_tables=True,
    settings={},
    attributes="",
)
# What an analyst's session asks for first. Rights restrain it, these only keep it from a kitchen's way.
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
        "jit": "off",  # known from 11 on; it costs more than a range of a day takes
    },
    attributes="CONNECTION LIMIT 10",
)

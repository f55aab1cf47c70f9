"""The analysts' role …"""

import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from checks.models import Check
from foundation.db.catalog import tables
from readers.analytics.statements import SCHEMA as ANALYTICS
from tests.support.helpers import another_connection

REFUSED = "42501"

READABLE = [
    "SELECT * FROM events_event",
    "SELECT * FROM analytics.check_lifecycle",
    "SELECT * FROM analytics.check_transition",
    "SELECT * FROM analytics.order_completion",
    "SELECT * FROM analytics.printer_day",
    "SELECT * FROM analytics.point_hour",
    "SELECT * FROM analytics.progress",
    "SELECT * FROM events_event WHERE (tx_id, id) > (0, 0) AND tx_id < events_horizon() ORDER BY tx_id, id",
]

# Whatever is personal in the example order, and the keys of its printers.
SECRETS = ("Иван", "9173332222", "Ленина", "key1", "key2")

FORBIDDEN = {
    "add an event": "INSERT INTO events_event SELECT * FROM events_event",
    "change an event": "UPDATE events_event SET actor = 'nobody'",
    "delete an event": "DELETE FROM events_event",
    "truncate the log": "TRUNCATE events_event",
    "lock events": "SELECT 1 FROM events_event FOR SHARE",
    "lock the log": "LOCK TABLE events_event IN SHARE MODE",
    "disable the trigger": "ALTER TABLE events_event DISABLE TRIGGER events_event_append_only",
    "change a summary": "UPDATE analytics.printer_day SET checks = 0",
    "add a summary": "INSERT INTO analytics.progress SELECT * FROM analytics.progress",
    "delete a summary": "DELETE FROM analytics.point_hour",
    "change the progress": "UPDATE analytics.progress SET time_zone = 'UTC'",
    "move a position": "UPDATE events_followerposition SET tx_id = 0",
    "replace a view": "CREATE OR REPLACE VIEW analytics.check_lifecycle AS SELECT 1 AS check_id",
    "drop a view": "DROP VIEW analytics.check_lifecycle",
    "move the offset": """
        CREATE OR REPLACE FUNCTION events_tx_offset() RETURNS bigint LANGUAGE sql IMMUTABLE
            AS 'SELECT 5::bigint'
    """,
    "set a sequence back": "SELECT setval('events_event_id_seq', 1)",
    "use a number up": "SELECT nextval('events_event_id_seq')",
    "look at a sequence": "SELECT last_value FROM checks_check_id_seq",
    "make a table": "CREATE TABLE mine (id integer)",
    "make a table of analysts": "CREATE TABLE analytics.mine (id integer)",
    "make a temporary table": "CREATE TEMPORARY TABLE mine (id integer)",
    "make a function": "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a function for a condition of its own": """
        CREATE FUNCTION pg_temp.mine(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001
            AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'
    """,
    "make a schema": "CREATE SCHEMA mine",
    "make a role": "CREATE ROLE mine",
    "read a file": "SELECT pg_read_file('postgresql.conf')",
    "import a file": "SELECT lo_import('/etc/passwd')",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a query as XML": "SELECT query_to_xml('SELECT api_key FROM printers_printer', true, false, '')",
    "see samples of a table": "SELECT * FROM pg_statistic",
    "read the orders in a query of its own": """
        WITH orders AS (SELECT "order" FROM checks_check) SELECT * FROM orders
    """,
}


def refusal(sql: str) -> str:
    """Run what must be refused, and return the server's code for it."""
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as error, transaction.atomic():
        cursor.execute(sql)
    return str(error.value.__cause__.pgcode)  # type: ignore[union-attr]


@pytest.mark.django_db
@pytest.mark.parametrize("sql", READABLE)
def test_it_reads(as_analyst: Any, created: list[Check], sql: str) -> None:
    with as_analyst(), connection.cursor() as cursor:
        cursor.execute(sql)
        found = repr(cursor.fetchall())

    assert not [secret for secret in SECRETS if secret in found]


@pytest.mark.django_db
def test_it_reads_no_other_table_and_no_column_of_one(as_analyst: Any, created: list[Check]) -> None:
    others = [
        each.name
        for each in tables(other_schemas=[ANALYTICS])
        if each.schema != ANALYTICS and each.name != "events_event"
    ]
    assert {"checks_check", "printers_printer", "checks_historicalcheck", "events_seal", "auth_user"} <= {
        *others
    }

    with as_analyst():
        assert {refusal(f"TABLE {name}") for name in others} == {REFUSED}
        assert refusal("SELECT id FROM printers_printer") == REFUSED


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_cannot(as_analyst: Any, created: list[Check], name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with as_analyst():
        assert refusal(FORBIDDEN[name]) == REFUSED


@pytest.mark.django_db
def test_it_cannot_end_the_session_of_another(as_analyst: Any) -> None:
    with closing(another_connection()) as other, as_analyst():
        assert refusal(f"SELECT pg_terminate_backend({other.get_backend_pid()})") == REFUSED


@pytest.mark.django_db
def test_no_statistics_show_it_what_it_may_not_read(as_analyst: Any, created: list[Check]) -> None:
    with connection.cursor() as cursor:
        for table in ("printers_printer", "checks_check", "events_event"):
            cursor.execute(f"ANALYZE {table}")
    with as_analyst(), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT schemaname, tablename FROM pg_stats WHERE schemaname = 'public'")

        assert cursor.fetchall() == [("public", "events_event")]


@pytest.mark.django_db
def test_its_views_read_nothing_but_the_log(db: None) -> None:
    """So there is nothing behind a view's filter that a function in a condition could be shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT d.refobjid::regclass::text "
            "FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid "
            "JOIN pg_class v ON v.oid = w.ev_class JOIN pg_namespace n ON n.oid = v.relnamespace "
            "WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass "
            "AND n.nspname = 'analytics' AND d.refobjid <> v.oid"
        )
        read = {name for (name,) in cursor.fetchall()}

    assert read == {"events_event", "analytics.check_lifecycle"}


@pytest.mark.django_db
def test_no_function_of_ours_works_with_the_owners_rights(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef "
            "AND pronamespace IN ('public'::regnamespace, 'analytics'::regnamespace)"
        )
        assert cursor.fetchall() == []


@pytest.fixture
def analyst(transactional_db: None) -> Iterator[Any]:
    """A session that has logged in as an analyst."""
    role = f"forfar_login_{os.getpid()}"
    call_command("grant_roles", analyst_role=role, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {role} PASSWORD 'Vn5-tR8w'")
    try:
        with closing(another_connection(user=role, password="Vn5-tR8w", options="")) as session:
            session.autocommit = True
            yield session
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT TEMPORARY ON DATABASE {connection.settings_dict['NAME']} TO PUBLIC")
            cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_it_logs_in_with_limits_and_writes_nothing_even_where_it_lifts_them(analyst: Any) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1min",)
        cursor.execute("SELECT count(*) FROM analytics.check_lifecycle")
        with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
            cursor.execute("CREATE TABLE mine (id integer)")

        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM analytics.printer_day")

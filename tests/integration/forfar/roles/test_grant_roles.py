"""The command grant_roles …"""

import io
import os
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from forfar.roles.grants import excesses, history_tables
from forfar.roles.kinds import ANALYST, APPLICATION
from foundation.db.catalog import append_only_tables

pytestmark = pytest.mark.django_db

PRIVILEGES = """
    SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)
    FROM information_schema.role_table_grants
    WHERE grantee = %s AND table_schema = 'public' GROUP BY table_name
"""
OF_ANALYTICS = PRIVILEGES.replace("public", "analytics")


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def grant(role: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("grant_roles", app_role=role, stdout=out, **options)
    return out.getvalue()


def test_it_lets_the_application_add_to_the_log_and_the_history_and_change_the_rest(app_role: str) -> None:
    granted = dict(rows(PRIVILEGES, app_role))

    assert granted["checks_check"] == "DELETE INSERT SELECT UPDATE"
    assert granted["events_event"] == "INSERT SELECT"
    assert granted["checks_historicalcheck"] == "INSERT SELECT"
    assert granted["django_migrations"] == "SELECT"
    assert set(granted) == set(connection.introspection.table_names())
    assert {"events_event"} <= {table.name for table in append_only_tables()}
    assert {"checks_historicalcheck", "printers_historicalprinter"} <= history_tables()


def test_it_lets_the_application_keep_the_summaries_and_read_the_views(app_role: str) -> None:
    granted = dict(rows(OF_ANALYTICS, app_role))

    assert granted["printer_day"] == "DELETE INSERT SELECT UPDATE"
    assert granted["check_lifecycle"] == "SELECT"


def test_it_lets_analysts_read_the_log_and_the_schema_of_theirs_alone(analyst_role: str) -> None:
    assert rows(PRIVILEGES, analyst_role) == [("events_event", "SELECT")]
    assert {privileges for _, privileges in rows(OF_ANALYTICS, analyst_role)} == {"SELECT"}
    assert len(rows(OF_ANALYTICS, analyst_role)) == 6


def test_it_limits_the_sessions_of_analysts(analyst_role: str) -> None:
    limits = """
        SELECT setting FROM pg_roles r JOIN pg_db_role_setting s ON s.setrole = r.oid,
                            unnest(s.setconfig) AS setting
        WHERE rolname = %s
    """
    assert {setting for (setting,) in rows(limits, analyst_role)} >= {
        "default_transaction_read_only=on",
        "statement_timeout=60s",
        "lock_timeout=5s",
        "idle_in_transaction_session_timeout=60s",
    }
    assert rows("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", analyst_role) == [(10,)]


def test_it_leaves_the_limits_of_analysts_that_somebody_has_set(analyst_role: str) -> None:
    rows(f"ALTER ROLE {analyst_role} SET statement_timeout = '5min'; SELECT 1")

    out = io.StringIO()
    call_command("grant_roles", analyst_role=analyst_role, stdout=out)

    assert rows(
        "SELECT 'statement_timeout=5min' = ANY(setconfig) FROM pg_db_role_setting s JOIN pg_roles r "
        "ON r.oid = s.setrole WHERE rolname = %s",
        analyst_role,
    ) == [(True,)]


def test_it_says_when_public_may_read_more_than_analysts(analyst_role: str) -> None:
    rows("GRANT SELECT (name) ON printers_printer TO PUBLIC; SELECT 1")

    with pytest.raises(CommandError, match="SELECT on printers_printer"):
        call_command("grant_roles", analyst_role=analyst_role)
    assert excesses(analyst_role, ANALYST) == ["SELECT on printers_printer"]


def test_it_wants_a_role(db: None) -> None:
    with pytest.raises(CommandError, match="Name a role"):
        call_command("grant_roles")


def test_it_wants_two_roles(app_role: str) -> None:
    with pytest.raises(CommandError, match="two roles"):
        grant(app_role, analyst_role=app_role)

    assert dict(rows(PRIVILEGES, app_role))["checks_check"] == "DELETE INSERT SELECT UPDATE"


@pytest.mark.parametrize("name", ["public", "none", "pg_monitor", "я" * 32])
def test_it_refuses_names_that_no_role_of_ours_can_have(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="take a"):
        grant(name, dry_run=True)


def test_it_changes_nothing_when_it_runs_again(app_role: str) -> None:
    acls = """
        SELECT relname::text, relacl::text FROM pg_class UNION ALL
        SELECT nspname::text, nspacl::text FROM pg_namespace UNION ALL
        SELECT defaclobjtype::text, defaclacl::text FROM pg_default_acl ORDER BY 1, 2
    """
    before = rows(acls)

    grant(app_role)

    # A privilege that was taken and given again may have changed its place in the list.
    assert [(name, sorted(acl or "")) for name, acl in rows(acls)] == [
        (name, sorted(acl or "")) for name, acl in before
    ]


def test_it_takes_back_what_was_granted_by_hand(app_role: str) -> None:
    rows(f"GRANT ALL ON events_event TO {app_role}; SELECT 1")
    rows(f"GRANT UPDATE (actor) ON events_event TO {app_role}; SELECT 1")
    rows("GRANT CREATE ON SCHEMA public TO PUBLIC; SELECT 1")
    assert "CREATE on schema public" in excesses(app_role, APPLICATION)

    grant(app_role)

    assert dict(rows(PRIVILEGES, app_role))["events_event"] == "INSERT SELECT"
    assert excesses(app_role, APPLICATION) == []


def test_it_finds_an_append_only_table_by_its_trigger(app_role: str) -> None:
    rows(
        """
        CREATE TABLE seals (id bigint);
        CREATE TRIGGER whatever BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
            FOR EACH STATEMENT EXECUTE PROCEDURE events_refuse_change();
        SELECT 1
        """
    )
    assert "seals" not in {table.name for table in append_only_tables()}, "replica mode would get round it"
    rows("ALTER TABLE seals ENABLE ALWAYS TRIGGER whatever; SELECT 1")

    grant(app_role)

    assert dict(rows(PRIVILEGES, app_role))["seals"] == "INSERT SELECT"


def test_it_lets_the_application_use_what_later_migrations_make(app_role: str, as_app: Any) -> None:
    rows("CREATE TABLE later (id bigserial PRIMARY KEY, n integer); SELECT 1")

    with as_app():
        rows("INSERT INTO later (n) VALUES (1); UPDATE later SET n = 2; SELECT 1")
        assert rows("DELETE FROM later RETURNING n") == [(2,)]


def test_it_prints_the_sql_that_it_would_run(db: None) -> None:
    role = f'Odd "Name" {os.getpid()}'

    printed = grant(role, dry_run=True)

    assert f'CREATE ROLE "Odd ""Name"" {os.getpid()}" LOGIN' in printed
    assert rows("SELECT 1 FROM pg_roles WHERE rolname = %s", role) == []
    rows(f"{printed} SELECT 1")
    assert dict(rows(PRIVILEGES, role))["events_event"] == "INSERT SELECT"
    assert excesses(role, APPLICATION) == []


def test_it_refuses_the_owner_and_whoever_has_its_rights(db: None) -> None:
    (owner,) = rows("SELECT current_user")[0]
    member = f"forfar_member_{os.getpid()}"
    rows(f"CREATE ROLE {member}; GRANT {owner} TO {member}; SELECT 1")

    for role in (owner, member):
        with pytest.raises(CommandError, match="has the rights of the tables' owner"):
            grant(role)


def test_it_refuses_to_run_as_anybody_but_the_owner(app_role: str, as_app: Any) -> None:
    with as_app(), pytest.raises(CommandError, match=r"Only the owner of .*events_event"):
        grant("somebody")


def test_it_says_when_public_may_do_more(app_role: str) -> None:
    rows("GRANT UPDATE ON events_event TO PUBLIC; SELECT 1")

    with pytest.raises(CommandError, match="UPDATE on events_event"):
        grant(app_role)

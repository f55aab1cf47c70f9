"""The application's role …"""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from checks import services
from checks.jobs.render import render as run_render
from checks.jobs.sweep import sweep
from checks.models import Check
from events.feed.horizon import horizon_lag
from events.feed.reading import feed
from events.models import Event
from foundation.context import Actor
from order_systems.models import OrderSystem
from printers.models import Printer
from readers.webhooks import delivering, follower
from readers.webhooks.models import Delivery, Subscription
from readers.webhooks.services import deliver_again, remove_old_deliveries
from tests.conftest import NOW
from tests.support.calls import answer_of, download, listed
from tests.support.fakes import FakeRenderer
from tests.support.helpers import types_of

pytestmark = pytest.mark.django_db

JSON = "application/json"


def check_of(api_key: str) -> Check:
    return Check.objects.get(printer__api_key=api_key)


@pytest.fixture
def admin(client: Client) -> Client:
    """A browser of the support staff, which logs in by its password."""
    get_user_model().objects.create_superuser("olga", password="Vn5-tR8w")
    return client


def log_in(admin: Client) -> None:
    answer = admin.post("/admin/login/", {"username": "olga", "password": "Vn5-tR8w", "next": "/admin/"})
    assert answer.status_code == 302


def act(admin: Client, action: str, check: Check) -> None:
    form = {"action": action, "_selected_action": [check.pk]}
    assert admin.post("/admin/checks/check/", form).status_code == 302


def test_it_takes_an_order_to_paper_over_the_api(
    as_app: Any, post_order: Any, order: Any, run_jobs: Any, fake_renderer: FakeRenderer, api: Client
) -> None:
    with as_app():
        answer_of(post_order(order))
        run_jobs()
        kitchen, client = check_of("key1"), check_of("key2")
        assert listed(api, "key1") == [kitchen.pk]
        download(api, "key1", kitchen)
        answer_of(api.post("/check/printed/", {"api_key": "key1", "check_id": kitchen.pk}, JSON))
        download(api, "key2", client)
        report = {"api_key": "key2", "check_id": client.pk, "reason": "jam"}
        answer_of(api.post("/check/failed/", report, JSON))
        answer_of(api.get("/order_checks/", {"order_id": order["id"]}))

        assert types_of(kitchen) == ["created", "rendered", "downloaded", "printed"]
        assert types_of(client) == ["created", "rendered", "downloaded", "failed"]


def test_it_does_what_support_staff_ask_for(
    as_app: Any, admin: Client, created: list[Check], fake_renderer: FakeRenderer, redis: Any
) -> None:
    check = created[0]
    with as_app():
        log_in(admin)
        act(admin, "mark_failed", check)
        act(admin, "render_again", check)
        run_render(check.order_id, check.type, "00000000-0000-0000-0000-000000000001")
        act(admin, "mark_printed", check)
        act(admin, "reprint", check)
        assert admin.get(f"/admin/checks/check/{check.pk}/change/").status_code == 200

        assert types_of(check) == ["created", "failed", "retried", "rendered", "printed", "reprinted"]


def test_it_keeps_printers_and_their_history(as_app: Any, admin: Client, printers: Any) -> None:
    form = {"name": "Bar", "api_key": "key99", "check_type": "client", "point_id": 1, "delivery": "confirm"}
    with as_app():
        log_in(admin)
        assert admin.post("/admin/printers/printer/add/", form).status_code == 302
        printer = Printer.objects.get(api_key="key99")
        assert admin.post(f"/admin/printers/printer/{printer.pk}/delete/", {"post": "yes"}).status_code == 302

        kinds = Printer.history.filter(id=printer.pk).values_list("history_type", flat=True)
        assert sorted(kinds) == ["+", "-"]


def test_it_sweeps(
    as_app: Any, created: list[Check], printers: Any, fake_renderer: FakeRenderer, redis: Any
) -> None:
    kitchen = created[0]
    with as_app():
        run_render(kitchen.order_id, kitchen.type, "00000000-0000-0000-0000-000000000001")
        services.download_check(printer=printers["key1"], check_id=kitchen.pk, now=NOW - timedelta(hours=1))

        sweep()

        assert types_of(kitchen) == ["created", "rendered", "downloaded", "failed"]


def test_it_records_a_failed_rendering(as_app: Any, created: list[Check]) -> None:
    with as_app():
        services.record_render_failure(
            check_id=created[0].pk,
            reason="timeout",
            ms=1,
            permanent=True,
            actor=Actor.worker("none"),
            now=NOW,
        )

        assert types_of(created[0]) == ["created", "render_attempt_failed", "failed"]


def test_it_verifies_rebuilds_and_reads_along(as_app: Any, created: list[Check]) -> None:
    out = io.StringIO()
    with as_app():
        Check.objects.filter(pk=created[0].pk).update(status="printed")
        call_command("rebuild_checks", quiet=True, stdout=out)
        call_command("verify_events", quiet=True, stdout=out)
        feed()
        horizon_lag()

    assert "1 checks were rewritten." in out.getvalue()
    assert "2 checks, 2 events, 0 differences." in out.getvalue()


def test_it_writes_and_sends_webhooks(as_app: Any, admin: Client, printers: Any, order: Any) -> None:
    order_system = OrderSystem.objects.create(name="Сайт")
    form = {"order_system": order_system.pk, "address": "https://127.0.0.1/", "is_active": "on"}
    with as_app():
        log_in(admin)
        assert admin.post("/admin/webhooks/subscription/add/", form).status_code == 200
        subscription = Subscription.objects.get()
        page = f"/admin/webhooks/subscription/{subscription.pk}"
        assert admin.post(f"{page}/secret/").status_code == 200
        assert admin.post(f"{page}/act/test/").status_code == 302

        follower.catch_up(now=NOW)
        claimed = delivering.claim(now=timezone.now())
        assert claimed is not None
        assert delivering.serve(claimed, clock=timezone.now) == 1
        deliver_again(delivery_ids=[Delivery.objects.get().pk], now=NOW)
        remove_old_deliveries(now=NOW)

        assert Delivery.objects.get().last_error == "private_address_refused"


FORBIDDEN = {
    "disable the trigger": "ALTER TABLE events_event DISABLE TRIGGER events_event_append_only",
    "disable all triggers": "ALTER TABLE events_event DISABLE TRIGGER ALL",
    "drop the trigger": "DROP TRIGGER events_event_append_only ON events_event",
    "replace the trigger's function": """
        CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN RETURN NULL; END'
    """,
    "move the offset": """
        CREATE OR REPLACE FUNCTION events_tx_offset() RETURNS bigint LANGUAGE sql IMMUTABLE
            AS 'SELECT 5::bigint'
    """,
    "switch triggers off": "SET session_replication_role = replica",
    "drop the log": "DROP TABLE events_event",
    "drop a column": "ALTER TABLE events_event DROP COLUMN hash",
    "rename the log": "ALTER TABLE events_event RENAME TO other",
    "own the log": "ALTER TABLE events_event OWNER TO CURRENT_USER",
    "put a rule on it": "CREATE RULE quiet AS ON INSERT TO events_event DO INSTEAD NOTHING",
    "truncate": "TRUNCATE events_event",
    "truncate checks": "TRUNCATE checks_check CASCADE",
    "truncate history": "TRUNCATE checks_historicalcheck",
    "update": "UPDATE events_event SET actor = 'nobody'",
    "update of no rows": "UPDATE events_event SET actor = 'nobody' WHERE false",
    "delete": "DELETE FROM events_event",
    "upsert": """
        INSERT INTO events_event SELECT * FROM events_event
        ON CONFLICT (id) DO UPDATE SET actor = 'nobody'
    """,
    "lock rows for update": "SELECT 1 FROM events_event FOR UPDATE",
    "lock rows for no key update": "SELECT 1 FROM events_event FOR NO KEY UPDATE",
    "lock rows for share": "SELECT 1 FROM events_event FOR SHARE",
    "lock rows for key share": "SELECT 1 FROM events_event FOR KEY SHARE",
    "lock the table": "LOCK TABLE events_event IN ACCESS EXCLUSIVE MODE",
    "lock out writers": "LOCK TABLE events_event IN SHARE MODE",
    "lock out vacuum": "LOCK TABLE events_event IN SHARE UPDATE EXCLUSIVE MODE",
    "change history": "UPDATE checks_historicalcheck SET status = 'printed'",
    "delete history": "DELETE FROM checks_historicalcheck",
    "change a subscription's history": "UPDATE webhooks_historicalsubscription SET address = ''",
    "delete a printer's history": "DELETE FROM printers_historicalprinter",
    "change migrations": "DELETE FROM django_migrations",
    "set a sequence back": "SELECT setval(pg_get_serial_sequence('events_event', 'id'), 1)",
    "make a table": "CREATE TABLE mine (id integer)",
    "make a function": "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a role": "CREATE ROLE mine",
    "make a schema": "CREATE SCHEMA mine",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_cannot(as_app: Any, created: list[Check], name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # deferred checks would stop an ALTER before the rights
    with as_app(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            cursor.execute(FORBIDDEN[name])

        assert refusal.value.__cause__.pgcode == "42501", refusal.value


def test_it_cannot_grant_itself_more(as_app: Any) -> None:
    with as_app(), connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON events_event TO CURRENT_USER")  # a warning, and no error
        cursor.execute("SELECT has_table_privilege('events_event', 'UPDATE')")

        assert cursor.fetchone() == (False,)


def test_it_cannot_delete_a_check_from_under_its_events(as_app: Any, created: list[Check]) -> None:
    with as_app(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="violates foreign key"), transaction.atomic():
            Check.objects.filter(pk=created[0].pk)._raw_delete("default")


def test_its_inserts_lock_no_event(as_app: Any, created: list[Check]) -> None:
    with as_app(), connection.cursor() as cursor:
        Event.objects.first()
        services.mark_failed(check_id=created[0].pk, reason="", actor=Actor.worker("none"), now=NOW)
        cursor.execute("SELECT xmax::text FROM events_event WHERE xmax::text <> '0'")

        assert cursor.fetchall() == []

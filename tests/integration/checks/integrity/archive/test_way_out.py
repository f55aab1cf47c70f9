"""The way out of the log …"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from checks.models import Check
from events.models import ArchivePart
from tests.integration.conftest import session_of

pytestmark = pytest.mark.django_db

LIST_PART = """
    INSERT INTO events_archivepart (number, day, checks, events, manifest_sha256, archived_at)
    VALUES (1, '2026-01-15', 1, 1, decode(repeat('00', 32), 'hex'), now())
"""
LIST_CHECK = "INSERT INTO events_archivedcheck (check_id, order_id, part_id) VALUES (%s, 123456, 1)"
DELETE = "DELETE FROM events_event WHERE check_id = %s"


@pytest.fixture
def sql(created: list[Check]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield cursor.execute


def refused(words: str = "append-only") -> Any:
    return pytest.raises(DatabaseError, match=words)


def listed(sql: Any, *checks: Check) -> None:
    sql(LIST_PART)
    for check in checks:
        sql(LIST_CHECK, [check.pk])


def test_it_is_open_for_the_owner_to_what_the_transaction_has_listed(sql: Any, created: list[Check]) -> None:
    listed(sql, created[0])
    sql(DELETE, [created[0].pk])

    assert list(created[1].events.values_list("type", flat=True)) == ["created"]
    assert not created[0].events.exists()


def test_it_is_closed_to_a_superuser_who_does_not_go_it(sql: Any, created: list[Check]) -> None:
    with refused(), transaction.atomic():
        sql(DELETE, [created[0].pk])


def test_it_is_closed_to_checks_that_are_not_listed(sql: Any, created: list[Check]) -> None:
    listed(sql, created[0])

    with refused(f"check {created[1].pk} is not being archived"), transaction.atomic():
        sql("DELETE FROM events_event")


CLOSED = {
    "update": "UPDATE events_event SET actor = 'nobody'",
    "truncate": "TRUNCATE events_event",
    "delete seals": "DELETE FROM events_seal",
    "delete a part": "DELETE FROM events_archivepart",
    "change a part": "UPDATE events_archivepart SET checks = 2",
    "delete a listed check": "DELETE FROM events_archivedcheck",
    "delete a stretch": "DELETE FROM events_archivedstretch",
}


@pytest.mark.parametrize("name", CLOSED)
def test_it_leads_to_nothing_else(sql: Any, created: list[Check], name: str) -> None:
    listed(sql, created[0])

    with refused(), transaction.atomic():
        sql(CLOSED[name])


def test_it_is_closed_in_replica_mode_too(sql: Any, created: list[Check]) -> None:
    listed(sql, created[0])

    with refused("is not being archived"), transaction.atomic():
        sql("SET LOCAL session_replication_role = replica")
        sql(DELETE, [created[1].pk])


@pytest.mark.django_db(transaction=True)
def test_it_is_closed_again_when_the_transaction_has_ended(created: list[Check]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        listed(cursor.execute, created[0])

    with refused(), connection.cursor() as cursor:
        cursor.execute(DELETE, [created[0].pk])
    assert ArchivePart.objects.count() == 1


FORBIDDEN = {
    "list a part": (LIST_PART, []),
    "list a check": (LIST_CHECK, [1]),
    "delete events": ("DELETE FROM events_event", []),
    "take a listed order off the list": ("DELETE FROM events_archivedcheck", []),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_is_not_for_the_application(as_app: Any, created: list[Check], name: str) -> None:
    with as_app(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            cursor.execute(*FORBIDDEN[name])

        assert refusal.value.__cause__.pgcode == "42501", refusal.value


def test_it_is_not_for_a_role_to_which_somebody_has_granted_too_much(sql: Any, created: list[Check]) -> None:
    role = f"forfar_too_much_{os.getpid()}"
    sql(f"CREATE ROLE {role} LOGIN")
    sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    try:
        with session_of(role), refused(), transaction.atomic():
            listed(sql, created[0])
            sql(DELETE, [created[0].pk])
    finally:
        sql(f"DROP OWNED BY {role}")
        sql(f"DROP ROLE {role}")

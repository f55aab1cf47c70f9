"""The table of events …"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from checks.models import Check
from events.models import Event


@pytest.fixture(autouse=True)
def _an_event(created: list[Check]) -> None:
    """There is something to change, and no foreign key still to be checked, which would stop a TRUNCATE."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def sql() -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor.execute


def refused() -> Any:
    return pytest.raises(DatabaseError, match="append-only")


def test_it_refuses_an_update_through_the_orm() -> None:
    with refused(), transaction.atomic():
        Event.objects.update(actor="nobody")


def test_it_refuses_a_saved_change(created: list[Check]) -> None:
    event = Event.objects.get(stream=created[0])
    event.actor = "nobody"

    with refused(), transaction.atomic():
        event.save()


def test_it_refuses_a_delete_through_the_orm() -> None:
    with refused(), transaction.atomic():
        Event.objects.all()._raw_delete("default")


STATEMENTS = {
    "update": "UPDATE events_event SET actor = 'nobody'",
    "delete": "DELETE FROM events_event",
    "delete of nothing": "DELETE FROM events_event WHERE false",
    "truncate": "TRUNCATE events_event",
    "truncate cascade": "TRUNCATE checks_check CASCADE",
    "upsert": """
        INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                                  occurred_at, event_uid, hash, prev_hash)
        SELECT check_id, version, type, schema_version, data, 'nobody', correlation_id,
               occurred_at, event_uid, hash, prev_hash FROM events_event
        ON CONFLICT (check_id, version) DO UPDATE SET actor = 'nobody'
    """,
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_refuses_in_sql(sql: Any, name: str) -> None:
    with refused(), transaction.atomic():
        sql(STATEMENTS[name])


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_refuses_in_replica_mode_too(sql: Any, name: str) -> None:
    with refused(), transaction.atomic():
        sql("SET LOCAL session_replication_role = replica")
        sql(STATEMENTS[name])


def test_it_refuses_data_that_is_no_object(sql: Any) -> None:
    with pytest.raises(DatabaseError, match="events_event_data_is_object"), transaction.atomic():
        sql(
            """
            INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                                      occurred_at, event_uid, hash, prev_hash)
            SELECT check_id, version + 9, type, schema_version, '[]', actor, correlation_id, occurred_at,
                   (md5(event_uid::text))::uuid, hash, prev_hash FROM events_event
            """
        )

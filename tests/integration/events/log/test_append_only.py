"""The table of events …"""

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

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
    "upsert of what does not conflict": """
        INSERT INTO events_event SELECT * FROM events_event WHERE false
        ON CONFLICT (id) DO UPDATE SET actor = 'nobody'
    """,
    "update of nothing": "UPDATE events_event SET actor = 'nobody' WHERE false",
    "update with a join": """
        UPDATE events_event SET actor = 'nobody' FROM checks_check WHERE checks_check.id = check_id
    """,
    "update within a query": """
        WITH changed AS (UPDATE events_event SET actor = 'nobody' RETURNING id) SELECT count(*) FROM changed
    """,
    "delete with a join": "DELETE FROM events_event USING checks_check WHERE checks_check.id = check_id",
    "update of the table only": "UPDATE ONLY events_event SET actor = 'nobody'",
}
MERGES = {
    "merge that updates": "WHEN MATCHED THEN UPDATE SET actor = 'nobody'",
    "merge that deletes": "WHEN MATCHED THEN DELETE",
    "merge that would update": "WHEN MATCHED AND false THEN UPDATE SET actor = 'nobody'",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_refuses_in_sql(sql: Any, name: str) -> None:
    with refused(), transaction.atomic():
        sql(STATEMENTS[name])


@pytest.mark.parametrize("name", MERGES)
def test_it_refuses_a(sql: Any, name: str) -> None:
    if connection.pg_version < 150000:
        pytest.skip("MERGE came with 15")

    with refused(), transaction.atomic():
        sql(f"MERGE INTO events_event e USING events_event f ON e.id = f.id {MERGES[name]}")


def test_it_refuses_an_update_through_a_view(sql: Any) -> None:
    sql("CREATE VIEW shown AS SELECT id, actor FROM events_event")

    for change in ("UPDATE shown SET actor = 'nobody'", "DELETE FROM shown"):
        with refused(), transaction.atomic():
            sql(change)


def test_it_refuses_an_update_at_a_cursor(sql: Any) -> None:
    sql("DECLARE here CURSOR FOR SELECT * FROM events_event")
    sql("FETCH here")

    with refused(), transaction.atomic():
        sql("UPDATE events_event SET actor = 'nobody' WHERE CURRENT OF here")


def test_it_lets_events_be_added_whatever_the_way(sql: Any) -> None:
    copied = io.StringIO()
    columns = "check_id, version, type, schema_version, data, actor, correlation_id, occurred_at, event_uid"
    values = columns.replace("version,", "version + 6,", 1).replace("event_uid", f"'{UUID(int=7)}'")
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT {values}, hash, prev_hash FROM events_event ORDER BY id LIMIT 1) TO STDOUT",  # noqa: S608
            copied,
        )
        copied.seek(0)
        cursor.copy_expert(f"COPY events_event ({columns}, hash, prev_hash) FROM STDIN", copied)
    sql("INSERT INTO events_event SELECT * FROM events_event ON CONFLICT (id) DO NOTHING")

    event = Event.objects.get(event_uid=UUID(int=7))
    assert (event.version, event.tx_id) == (7, Event.objects.exclude(pk=event.pk)[0].tx_id)


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

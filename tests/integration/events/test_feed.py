"""The feed …"""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection

from checks import services
from checks.models import Check
from events.context import Actor
from events.models import Event
from events.selectors import BEGINNING, Position, feed, horizon, position_of
from tests.conftest import NOW
from tests.helpers import wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = """
    INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                              occurred_at, event_uid, hash, prev_hash)
    VALUES (%s, 2, 'retried', 1, '{"reason": ""}', 'staff:1', %s::uuid, now(), %s::uuid, %s, %s)
    RETURNING id
"""


@pytest.fixture
def another_writer() -> Iterator[Any]:
    """A second connection, in a transaction of its own."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    writer = psycopg2.connect(**parameters)
    yield writer
    writer.rollback()
    writer.close()


def insert(writer: Any, check: Check) -> int:
    uid = f"00000000-0000-0000-0000-{check.pk:012d}"
    with writer.cursor() as cursor:
        cursor.execute(INSERT, [check.pk, uid, uid, b"\0" * 32, b"\0" * 32])
        row: tuple[int] = cursor.fetchone()
    return row[0]


def ids(events: list[Event]) -> list[int]:
    return [event.pk for event in events]


def test_it_hands_out_settled_events_in_order_and_resumes(created: list[Check]) -> None:
    wait_until_settled()
    first = feed(limit=1)

    rest = feed(after=position_of(first[0]))

    assert ids(first + rest) == list(Event.objects.order_by("tx_id", "id").values_list("id", flat=True))
    assert feed(after=position_of(rest[-1])) == []


def test_it_does_not_skip_the_event_of_a_slow_transaction(
    created: list[Check], order: Any, another_writer: Any
) -> None:
    """Reading behind the greatest id loses the slow row; the feed waits for it."""
    wait_until_settled()
    seen = feed(after=BEGINNING)
    slow_id = insert(another_writer, created[0])  # has its number, has not committed
    services.create_checks(order={**order, "id": 777}, actor=Actor.order_system(), now=NOW)
    fast_ids = list(Event.objects.filter(stream__order_id=777).values_list("id", flat=True))
    assert min(fast_ids) > slow_id

    early = feed(after=position_of(seen[-1]))
    naive_last = max(fast_ids)
    another_writer.commit()
    wait_until_settled()
    late = feed(after=position_of((seen + early)[-1]))

    assert early == []
    assert sorted(ids(late)) == sorted([slow_id, *fast_ids])
    assert not Event.objects.filter(id__gt=naive_last).exists()


def test_it_reads_its_index_from_both_ends(created: list[Check]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # the planner would not bother for a handful of rows
        cursor.execute("SET enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM events_event WHERE (tx_id, id) > (%s, %s) AND tx_id < events_horizon() "
            "ORDER BY tx_id, id LIMIT 10",
            tuple(Position(1, 1)),
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET ALL")

    assert "events_event_feed" in plan
    assert "Index Cond" in plan
    assert "Sort" not in plan


def test_its_horizon_stands_while_a_writer_is_busy(created: list[Check], another_writer: Any) -> None:
    insert(another_writer, created[0])
    held = horizon()
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")

    assert horizon() == held

    another_writer.commit()
    wait_until_settled()
    assert horizon() > held

"""The feed …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from checks import services
from checks.models import Check
from events.feed.horizon import FROM_ELSEWHERE, horizon
from events.feed.reading import BEGINNING, Position, feed, position_of, settled
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import wait_until_settled
from tests.support.writers import Writer

pytestmark = pytest.mark.django_db(transaction=True)


def ids(events: list[Event]) -> list[int]:
    return [event.pk for event in events]


def test_it_hands_out_settled_events_in_order_and_resumes(created: list[Check]) -> None:
    wait_until_settled()
    first = feed(limit=1)

    rest = feed(after=position_of(first[0]))

    assert ids(first + rest) == list(Event.objects.order_by("tx_id", "id").values_list("id", flat=True))
    assert feed(after=position_of(rest[-1])) == []


def test_it_does_not_skip_the_event_of_a_slow_transaction(
    created: list[Check], order: Any, another_writer: Writer
) -> None:
    """Reading behind the greatest id loses the slow row; the feed waits for it."""
    wait_until_settled()
    seen = feed(after=BEGINNING)
    slow_id = another_writer.insert(created[0])  # has its number, has not committed
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


class NaiveReader:
    """Reads behind the greatest id that it has seen, below the horizon if it is told to."""

    def __init__(self, condition: str = "true") -> None:
        self.last = Event.objects.aggregate(last=Max("id"))["last"]
        self.condition = condition

    def read(self) -> list[int]:
        sql = f"SELECT * FROM events_event WHERE id > %s AND {self.condition} ORDER BY id"  # noqa: S608
        seen = ids(list(Event.objects.raw(sql, [self.last])))
        self.last = max([self.last, *seen])
        return seen


class FeedReader:
    """Reads our feed."""

    def __init__(self) -> None:
        self.after = position_of(feed()[-1])

    def read(self) -> list[int]:
        seen = feed(after=self.after)
        self.after = position_of(seen[-1]) if seen else self.after
        return ids(seen)


def test_it_loses_no_row_where_reading_by_id_does(
    created: list[Check], new_writer: Callable[[], Writer]
) -> None:
    """Two writers; who began first is second to get a number, and commits while the other still works.

    Reading by id loses the other's row. Stopping at the horizon does not help: the first one's row is below
    it, with the greater number.
    """
    wait_until_settled()
    by_id, by_id_to_horizon = NaiveReader(), NaiveReader("tx_id < events_horizon()")
    ours = FeedReader()
    first, second = new_writer(), new_writer()

    assert first.begin() < second.begin()
    lower = second.insert(created[1])
    higher = first.insert(created[0])
    first.commit()
    early = [reader.read() for reader in (by_id, by_id_to_horizon, ours)]
    second.commit()
    wait_until_settled()
    late = [reader.read() for reader in (by_id, by_id_to_horizon, ours)]

    assert lower < higher
    assert early == [[higher], [higher], [higher]]
    assert late == [[], [], [lower]]


def test_it_loses_no_row_whose_transaction_is_younger_than_one_that_it_has_seen(
    created: list[Check], new_writer: Callable[[], Writer]
) -> None:
    """The other way round: the horizon keeps back what has committed, and nothing comes twice."""
    wait_until_settled()
    by_id, ours = NaiveReader(), FeedReader()
    first, second = new_writer(), new_writer()

    first.begin()
    lower = first.insert(created[0])
    higher = second.insert(created[1])
    second.commit()
    early = [by_id.read(), ours.read()]
    first.commit()
    wait_until_settled()
    late = [by_id.read(), ours.read()]

    assert early == [[higher], []]
    assert late == [[], [lower, higher]]


MANY = """
    INSERT INTO events_event (check_id, version, type, schema_version, data, actor, correlation_id,
                              occurred_at, event_uid, hash, prev_hash, tx_id)
    SELECT %s, 1 + n, 'retried', 1, '{"reason": ""}', 'staff:1', md5('c' || n)::uuid, now(),
           md5('e' || n)::uuid, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), n / 10
    FROM generate_series(1, 100000) n
"""


def explained(sql: str, *parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_it_reads_its_index_alone_among_100_000_events(created: list[Check]) -> None:
    """From both ends for a page of the feed; one entry to know that the log is this cluster's own."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, [created[0].pk])
        cursor.execute("ANALYZE events_event")
    sql, parameters = settled(Position(9000, 1))[:1000].query.sql_with_params()

    page = explained(sql, *parameters)
    whose = explained(FROM_ELSEWHERE)

    condition = next(line for line in page.splitlines() if "Index Cond" in line)
    assert "Index Scan using events_event_feed" in page
    assert "ROW(tx_id, id) > ROW(" in condition
    assert "tx_id < " in condition
    assert "Filter" not in page
    assert "Sort" not in page
    assert "Index Only Scan Backward using events_event_feed" in whose
    assert "Seq Scan" not in whose


def test_its_horizon_stands_while_a_writer_is_busy(created: list[Check], another_writer: Writer) -> None:
    another_writer.insert(created[0])
    held = horizon()
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")

    assert horizon() == held

    another_writer.commit()
    wait_until_settled()
    assert horizon() > held

"""The feed, while many write and many read, …"""

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from checks import services
from checks.models import Check
from events.feed.horizon import horizon
from events.feed.reading import BEGINNING, feed, position_of
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import in_threads
from tests.support.writers import INSERT, Writer

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, READERS, STREAMS = 8, 3, 40
Seen = list[tuple[int, int]]  # of each event: check and version


def write(writer: Writer, check_ids: list[int], count: int, chance: random.Random) -> None:
    """Add events as the service does: lock the check, take its next versions, commit; or now and then not."""
    written = 0
    while written < count:
        check_id = chance.choice(check_ids)
        writer.execute("SELECT 1 FROM checks_check WHERE id = %s FOR NO KEY UPDATE", check_id)
        version = writer.execute("SELECT max(version) FROM events_event WHERE check_id = %s", check_id)
        batch = min(chance.randint(1, 8), count - written)
        values = ", ".join(
            ["(%s, %s, 'retried', 1, '{}', 'staff:1', %s, now(), md5(%s)::uuid, %s, %s)"] * batch
        )
        rows = [
            (check_id, version + n, UID, f"{check_id} {version + n}", NOTHING, NOTHING)
            for n in range(1, batch + 1)
        ]
        writer.execute(
            INSERT.split("VALUES")[0] + f"VALUES {values}", *[value for row in rows for value in row]
        )
        if chance.random() < 0.1:
            writer.session.rollback()
        else:
            writer.commit()
            written += batch


UID = "00000000-0000-0000-0000-000000000001"
NOTHING = b"\0" * 32


def read(ended: threading.Event, chance: random.Random) -> Seen:
    """Read to the end; now and then die in the middle of a batch, and go on from what was remembered."""
    seen: Seen = []
    position = BEGINNING
    while True:
        over = ended.is_set() and horizon() > newest()
        batch = feed(after=position, limit=chance.randint(1, 500))
        if batch:
            if chance.random() < 0.2:
                connection.close()
                batch = batch[: chance.randint(0, len(batch))]
            for event in batch:
                seen.append((event.stream_id, event.version))
                position = position_of(event)
        elif over:
            return seen
        else:
            ended.wait(0.005)


def newest() -> int:
    return Event.objects.aggregate(tx_id=Max("tx_id"))["tx_id"] or 0


def streams(order: Any) -> list[int]:
    for number in range(STREAMS // 2):
        services.create_checks(order={**order, "id": 1 + number}, actor=Actor.order_system(), now=NOW)
    return list(Check.objects.values_list("id", flat=True))


@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_it_gives_every_reader_every_event_once_and_in_order(
    printers: Any, order: Any, new_writer: Callable[..., Writer], count: int
) -> None:
    check_ids = streams(order)
    total = len(check_ids) + count
    writers = [new_writer() for _ in range(WRITERS)]
    ended = threading.Event()
    writers_end = threading.Barrier(WRITERS, action=ended.set)
    seed = random.randrange(2**32)  # noqa: S311  not for secrets

    def work(number: int) -> Seen | None:
        chance = random.Random(seed + number)  # noqa: S311
        if number >= WRITERS:
            return read(ended, chance)
        try:
            write(writers[number], check_ids, count // WRITERS, chance)
        finally:
            writers_end.wait()
        return None

    outcomes = in_threads(WRITERS + READERS, work, seconds=1800)

    events = set(Event.objects.values_list("stream_id", "version"))
    assert [each for each in outcomes if isinstance(each, Exception)] == [], f"seed {seed}"
    readers = [each for each in outcomes if each is not None]
    assert len(readers) == READERS
    assert len(events) == total
    for seen in readers:
        assert len(seen) == total, f"seed {seed}"
        assert set(seen) == events, f"seed {seed}"
        last: dict[int, int] = {}
        for check_id, version in seen:
            assert version == last.get(check_id, 0) + 1, f"seed {seed}"
            last[check_id] = version

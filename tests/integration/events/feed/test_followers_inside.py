"""Every reader of the feed inside the service …"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from checks import services as checks
from checks.models import Check
from events.feed import follower
from events.feed.follower import Batch, Follower, read_position
from events.feed.reading import BEGINNING, position_of
from events.models import Event, FollowerPosition
from foundation.context import Actor
from order_systems.models import OrderSystem
from readers.analytics.summaries import SummariesFollower
from readers.metrics import tally
from readers.metrics.tally import EVENTS, TallyFollower
from readers.webhooks import services as webhooks
from readers.webhooks.follower import WebhookFollower
from readers.webhooks.models import Delivery
from tests.conftest import NOW
from tests.support.helpers import another_connection, in_threads, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = Actor.command()
AnyFollower = Follower[Any]
Post = Callable[[int], None]


@pytest.fixture
def order_system(db: None) -> OrderSystem:
    return OrderSystem.objects.create(name="Сайт")


@pytest.fixture
def post(printers: Any, order: dict[str, Any], order_system: OrderSystem) -> Post:
    """Write four events: an order's two checks are created and fail."""

    def post(number: int) -> None:
        actor = Actor.order_system(order_system.pk)
        for check in checks.create_checks(order={**order, "id": number}, actor=actor, now=NOW):
            checks.mark_failed(check_id=check.pk, reason="", actor=STAFF, now=NOW)

    return post


class FollowerSuite(ABC):
    """What holds for each reader, whatever it writes."""

    @abstractmethod
    def follower(self) -> AnyFollower: ...

    @abstractmethod
    def written(self) -> Any: ...

    @abstractmethod
    def expected(self) -> Any:
        """What it has to have written when it has followed the whole log."""

    @pytest.fixture(autouse=True)
    def in_small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self.follower()), "events_per_batch", 3)

    def catch_up(self) -> int:
        wait_until_settled()
        return self.follower().catch_up(batches=1000)

    def test_it_follows_everything_once(self, post: Post) -> None:
        post(1)
        assert self.catch_up() == 4
        post(2)
        assert self.catch_up() == 4
        assert self.catch_up() == 0

        assert self.written() == self.expected()
        last = Event.objects.order_by("tx_id", "id").last()
        assert last is not None
        assert self.follower().position() == position_of(last)

    def test_it_stops_after_so_many_batches(self, post: Post) -> None:
        post(1)
        post(2)
        wait_until_settled()

        assert self.follower().catch_up(batches=2) == 6

    def test_it_waits_for_what_is_not_settled(self, post: Post) -> None:
        with closing(another_connection()) as session, session.cursor() as cursor:
            cursor.execute("SELECT txid_current()")
            post(1)
            assert self.follower().catch_up(batches=1000) == 0

        assert self.catch_up() == 4

    @pytest.mark.parametrize("step", ["read", "prepare", "move", "write"])
    def test_it_goes_on_where_it_was_killed(
        self, post: Post, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before a step, or after it, it leaves neither a new position nor anything written."""
        kind = type(self.follower())
        original = getattr(kind, step)

        def killed_before(*_: Any) -> None:
            raise KeyboardInterrupt

        def killed_after(*args: Any) -> None:
            original(*args)
            raise KeyboardInterrupt

        for number, killed in enumerate((killed_before, killed_after), start=1):
            post(number)
            wait_until_settled()
            with monkeypatch.context() as patched:
                patched.setattr(kind, step, killed)
                for _ in range(2):
                    before = read_position(kind.name), self.written()
                    with pytest.raises(KeyboardInterrupt):
                        self.follower().follow_batch()
                    assert (read_position(kind.name), self.written()) == before
            self.follower().follow_batch()
        self.catch_up()

        assert self.written() == self.expected()

    def test_it_drops_what_another_process_has_followed_meanwhile(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post(1)
        wait_until_settled()
        slow, fast = self.follower(), self.follower()

        def overtaken(batch: Batch) -> Any:
            assert fast.follow_batch() == 3
            return type(slow).prepare(slow, batch)

        monkeypatch.setattr(slow, "prepare", overtaken)
        assert slow.follow_batch() == 0

        assert self.catch_up() == 1
        assert self.written() == self.expected()

    def test_it_misses_nothing_and_writes_nothing_twice_beside_writers_and_other_processes(
        self, post: Post
    ) -> None:
        """Four writers and three followers at once, in batches so small that the followers meet."""
        done = threading.Event()
        writing = threading.Barrier(4, action=done.set)

        def work(number: int) -> int:
            if number < 4:
                for step in range(5):
                    post(1 + number * 100 + step)
                writing.wait(60)
                return 0
            followed = 0
            while not done.is_set():
                followed += self.follower().catch_up(batches=1000)
            return followed

        followed = in_threads(7, work, seconds=90)

        assert sum(followed) + self.catch_up() == Event.objects.count() == 4 * 5 * 4
        assert self.written() == self.expected()

    def test_the_archive_waits_for_it(self, post: Post) -> None:
        """Its name is stored: it must not change."""
        name = type(self.follower()).name
        post(1)
        wait_until_settled()
        others = [(each, 10**9) for each in ("metrics", "webhooks", "analytics") if each != name]
        FollowerPosition.objects.bulk_create(FollowerPosition(name=each, tx_id=tx) for each, tx in others)

        assert follower.slowest() == (name, BEGINNING)


class TestMetrics(FollowerSuite):
    def follower(self) -> AnyFollower:
        return TallyFollower()

    def written(self) -> int:
        return sum(count for cell, (count, _) in tally.counts().items() if cell.kind == EVENTS)

    def expected(self) -> int:
        return Event.objects.count()


class TestWebhooks(FollowerSuite):
    @pytest.fixture(autouse=True)
    def _subscribed(self, order_system: OrderSystem) -> None:
        webhooks.create_subscription(
            order_system=order_system, address="https://example.org/", actor=STAFF, now=NOW
        )

    def follower(self) -> AnyFollower:
        return WebhookFollower(now=NOW)

    def written(self) -> list[tuple[int, int]]:
        return sorted(Delivery.objects.values_list("check_id", "version"))

    def expected(self) -> list[tuple[int, int]]:
        return sorted(Event.objects.filter(type="failed").values_list("stream_id", "version"))


class TestSummaries(FollowerSuite):
    def follower(self) -> AnyFollower:
        return SummariesFollower(now=NOW, zone=ZoneInfo("Europe/Moscow"))

    def written(self) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT printer_id, checks FROM analytics.printer_day ORDER BY 1")
            rows: list[tuple[int, int]] = cursor.fetchall()
        return rows

    def expected(self) -> list[tuple[int, int]]:
        counted: dict[int, int] = {}
        for printer_id in Check.objects.order_by("printer_id").values_list("printer_id", flat=True):
            counted[printer_id] = counted.get(printer_id, 0) + 1
        return list(counted.items())

"""A program that follows the log over HTTP, while eight write, …"""

import csv
import io
import json
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from events.api.tokens import NewReaderToken
from events.feed import pieces as reading
from events.feed.horizon import horizon
from events.models import Event
from tests.integration.events.feed.test_feed_stress import WRITERS, Seen, newest, streams, write
from tests.support.helpers import in_threads
from tests.support.log_readers import EVENTS
from tests.support.writers import Writer

pytestmark = pytest.mark.django_db(transaction=True)

FOLLOWERS = 3


class Follower:
    """Keeps what it has seen and where to go on, and dies at any byte of an answer."""

    def __init__(self, secret: str, chance: random.Random) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})
        self.chance = chance
        self.after = "0-0"
        self.seen: Seen = []
        self.deaths = 0

    def read(self) -> bool:
        """Read one page, or a part of it; say whether there may be more at once."""
        form = self.chance.choice(["json", "ndjson", "csv"])
        query = {"after": self.after, "limit": self.chance.randint(1, 300), "format": form}
        response: Any = self.client.get(EVENTS, query)
        assert response.status_code == 200, response.content
        body = b"".join(response.streaming_content)
        if self.chance.random() < 0.3:
            self.deaths += 1
            body = body[: self.chance.randint(0, len(body))]
        more: bool = getattr(self, form)(body, response.headers)
        return more

    def keep(self, events: list[Any]) -> None:
        for event in events:
            self.seen.append((int(event["check_id"]), int(event["version"])))
            self.after = event["cursor"]

    def json(self, body: bytes, _headers: Any) -> bool:
        """A page that is not whole is no JSON: nothing of it counts."""
        try:
            page = json.loads(body)
        except ValueError:
            return True
        self.keep(page["events"])
        self.after = page["next"]
        return bool(page["more"])

    def ndjson(self, body: bytes, _headers: Any) -> bool:
        """Each whole line counts; without the last one the answer was cut."""
        lines = [json.loads(line) for line in body.split(b"\n")[:-1]]
        whole = bool(lines) and "next" in lines[-1]
        self.keep(lines[:-1] if whole else lines)
        if whole:
            self.after = lines[-1]["next"]
        return bool(lines[-1]["more"]) if whole else True

    def csv(self, body: bytes, headers: Any) -> bool:
        lines = body.decode().split("\r\n")[:-1]
        rows = list(csv.DictReader(io.StringIO("\r\n".join(lines))))
        self.keep(rows)
        self.after = headers.get("X-Feed-Next", self.after)
        return bool(rows)


def follow(follower: Follower, ended: threading.Event) -> Follower:
    while True:
        over = ended.is_set() and horizon() > newest()
        if not follower.read() and over and follower.chance.random() < 0.2:
            return follower
        if not over:
            ended.wait(0.005)


@pytest.mark.parametrize("count", [1_600, pytest.param(50_000, marks=pytest.mark.thorough)])
def test_it_misses_nothing_and_gets_nothing_twice_wherever_it_was_cut(
    printers: Any,
    order: Any,
    reader: NewReaderToken,
    new_writer: Callable[..., Writer],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    monkeypatch.setattr(reading, "ROWS_PER_PIECE", 40)
    monkeypatch.setattr(reading, "EVENTS_PER_STATEMENT", 70)
    check_ids = streams(order)
    writers = [new_writer() for _ in range(WRITERS)]
    ended = threading.Event()
    writers_end = threading.Barrier(WRITERS, action=ended.set)
    seed = random.randrange(2**32)  # noqa: S311  not for secrets

    def work(number: int) -> Follower | None:
        chance = random.Random(seed + number)  # noqa: S311
        if number >= WRITERS:
            return follow(Follower(reader.secret, chance), ended)
        try:
            write(writers[number], check_ids, count // WRITERS, chance)
        finally:
            writers_end.wait()
        return None

    outcomes = in_threads(WRITERS + FOLLOWERS, work, seconds=1800)

    assert [each for each in outcomes if isinstance(each, Exception)] == [], f"seed {seed}"
    followers = [each for each in outcomes if each is not None]
    events = list(Event.objects.order_by("tx_id", "id").values_list("stream_id", "version"))
    assert len(events) == len(check_ids) + count
    assert len(followers) == FOLLOWERS
    for follower in followers:
        assert follower.seen == events, f"seed {seed}"
        assert follower.deaths > 0

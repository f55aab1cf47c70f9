"""What is remembered …"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from foundation import remembered as module
from foundation.remembered import NAMES, Remembered, remembered
from tests.helpers import redis_away


@pytest.fixture
def compute() -> Callable[[], Any]:
    """Counts how often it was asked."""
    numbers: Iterator[int] = iter(range(1, 100))
    return lambda: {"asked": next(numbers)}


def test_it_is_computed_once(redis: Any, compute: Any) -> None:
    answers = [remembered("x", seconds=60, compute=compute) for _ in range(3)]

    assert answers == [Remembered({"asked": 1}, is_kept=True)] * 3
    assert 0 < redis.ttl(NAMES + "x") <= 60


def test_it_is_computed_for_each_name_and_again_when_it_is_over(redis: Any, compute: Any) -> None:
    remembered("x", seconds=60, compute=compute)
    assert remembered("y", seconds=60, compute=compute).value == {"asked": 2}

    redis.delete(NAMES + "x")  # as Redis does when the time is over

    assert remembered("x", seconds=60, compute=compute).value == {"asked": 3}


def test_it_may_be_that_there_is_nothing(redis: Any) -> None:
    remembered("x", seconds=60, compute=lambda: None)

    assert remembered("x", seconds=60, compute=lambda: 1 / 0) == Remembered(None, is_kept=True)


def test_it_is_computed_anew_while_redis_is_away(
    compute: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(module, "client", redis_away)

    answers = [remembered("x", seconds=60, compute=compute) for _ in range(2)]

    assert answers == [Remembered({"asked": 1}, is_kept=False), Remembered({"asked": 2}, is_kept=False)]
    assert "Redis does not answer" in caplog.text


def test_it_is_given_also_when_it_cannot_be_kept(
    redis: Any, compute: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Redis):
        def set(self, *args: Any, **options: Any) -> Any:
            raise RedisError("OOM command not allowed")

    full = Full(connection_pool=redis.connection_pool)
    monkeypatch.setattr(module, "client", lambda: full)

    assert remembered("x", seconds=60, compute=compute) == Remembered({"asked": 1}, is_kept=False)

"""A cached value …"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from foundation import cached as module
from foundation.cached import Cached, cached

KEY = "forfar:1:x"  # processes of two versions share it during a rollout


@pytest.fixture
def compute() -> Callable[[], Any]:
    """Counts how often it was asked."""
    numbers: Iterator[int] = iter(range(1, 100))
    return lambda: {"asked": next(numbers)}


def test_it_is_computed_once(redis: Any, compute: Any) -> None:
    answers = [cached("x", seconds=60, compute=compute) for _ in range(3)]

    assert answers == [Cached({"asked": 1}, is_kept=True)] * 3
    assert 0 < redis.ttl(KEY) <= 60
    assert json.loads(redis.get(KEY)) == {"asked": 1}  # and no pickle


def test_it_is_computed_for_each_name_and_again_when_it_has_expired(redis: Any, compute: Any) -> None:
    cached("x", seconds=60, compute=compute)
    assert cached("y", seconds=60, compute=compute).value == {"asked": 2}

    redis.delete(KEY)  # as Redis does with expired keys

    assert cached("x", seconds=60, compute=compute).value == {"asked": 3}


def test_it_may_be_none(redis: Any) -> None:
    cached("x", seconds=60, compute=lambda: None)

    assert cached("x", seconds=60, compute=lambda: 1 / 0) == Cached(None, is_kept=True)


def test_it_is_computed_every_time_while_redis_is_away(
    compute: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(module, "client", lambda: Redis(unix_socket_path="/nowhere/redis.sock"))

    answers = [cached("x", seconds=60, compute=compute) for _ in range(2)]

    assert answers == [Cached({"asked": 1}, is_kept=False), Cached({"asked": 2}, is_kept=False)]
    assert "Redis does not answer" in caplog.text


def test_it_is_given_also_when_it_cannot_be_kept(
    redis: Any, compute: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Redis):
        def set(self, *args: Any, **options: Any) -> Any:
            raise RedisError("OOM command not allowed")

    full = Full(connection_pool=redis.connection_pool)
    monkeypatch.setattr(module, "client", lambda: full)

    assert cached("x", seconds=60, compute=compute) == Cached({"asked": 1}, is_kept=False)

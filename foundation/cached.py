"""Values that are expensive to compute and may be a little old, kept in Redis for all processes."""

import json
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.cache.backends import redis
from redis import Redis
from redis.exceptions import RedisError

from foundation.redis import client

logger = logging.getLogger(__name__)

_MISSING = object()


class JSONSerializer:
    """JSON instead of pickle: reading from a Redis that others can write must not run code."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


class _SharedClient(redis.RedisCacheClient):
    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        return client()


class RedisCache(redis.RedisCache):
    """Django's Redis cache on the process's one connection, with JSON."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params = {**params, "OPTIONS": {**params.get("OPTIONS", {}), "serializer": JSONSerializer}}
        super().__init__(server, params)
        self._class = _SharedClient


class Cached(NamedTuple):
    """A value, and whether Redis keeps it."""

    value: Any
    is_kept: bool


def cached(name: str, *, seconds: int, compute: Callable[[], Any]) -> Cached:
    """Return the value of this name, computed if it is older than that or Redis does not answer.

    `compute` returns JSON; what it raises is raised.
    """
    try:
        kept = cache.get(name, _MISSING)
    except RedisError as error:
        return Cached(compute(), is_kept=_failed(name, error))
    if kept is not _MISSING:
        return Cached(kept, is_kept=True)
    value = compute()
    try:
        cache.set(name, value, seconds)
    except RedisError as error:
        return Cached(value, is_kept=_failed(name, error))
    return Cached(value, is_kept=True)


def _failed(name: str, error: RedisError) -> bool:
    logger.warning("%s is not cached because Redis does not answer: %s", name, type(error).__name__)
    return False

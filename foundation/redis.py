"""Connections to Redis that nobody waits for long."""

from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 1


@cache
def client() -> "Redis":
    """Return the process's one client for the Redis of the queue; after a fork its pool is a new one."""
    config: dict[str, Any] = settings.RQ_QUEUES["default"]
    return Redis.from_url(
        config["URL"],
        db=config.get("DB"),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )

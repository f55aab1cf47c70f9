"""The connection to Redis. No request waits long for it."""

from typing import Any

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from foundation.per_process import per_process

TIMEOUT_SECONDS = 1


@per_process()
def client() -> "Redis":
    """Return the process's client for the Redis of the queue."""
    config: dict[str, Any] = settings.RQ_QUEUES["default"]
    return Redis.from_url(
        config["URL"],
        db=config.get("DB"),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )

"""What is dear to compute and may be a little old, kept in Redis as JSON for all processes."""

import json
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from redis.exceptions import RedisError

from foundation.redis import client

logger = logging.getLogger(__name__)

NAMES = "forfar:remembered:"


class Remembered(NamedTuple):
    """A value, and whether Redis is there to keep it."""

    value: Any
    is_kept: bool


def remembered(name: str, *, seconds: int, compute: Callable[[], Any]) -> Remembered:
    """Return the value of this name, computed anew when the kept one is older or Redis does not answer.

    What `compute` raises is raised. What it returns is JSON.
    """
    try:
        kept: Any = client().get(NAMES + name)
    except RedisError as error:
        return Remembered(compute(), is_kept=_failed(name, error))
    if kept is not None:
        return Remembered(json.loads(kept), is_kept=True)
    value = compute()
    try:
        client().set(NAMES + name, json.dumps(value), ex=seconds)
    except RedisError as error:
        return Remembered(value, is_kept=_failed(name, error))
    return Remembered(value, is_kept=True)


def _failed(name: str, error: RedisError) -> bool:
    logger.warning("%s is not kept, because Redis does not answer: %s", name, type(error).__name__)
    return False

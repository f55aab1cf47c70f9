"""A limit on different wrong keys from one address, so that nobody can guess keys.

Only different keys count: a printer with a wrong key repeats it forever, and must not lock out its
neighbours behind the same router. Only a failed look-up asks Redis, which keeps a set of digests for each
address for some minutes. Each process keeps in memory which addresses it refuses.
"""

import logging
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any

from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from foundation.errors import ForFarError, gettext_noop
from foundation.per_process import PerProcess
from foundation.redis import client

logger = logging.getLogger(__name__)

MAX_WRONG_KEYS = 20
WINDOW_SECONDS = 600
MAX_REFUSED = 10_000
# How long not to ask a Redis that did not answer: each try may block a web thread for a second.
REDIS_PAUSE_SECONDS = 5
# In Redis, shared by the processes of two versions during a rollout: changing either forgets all counts.
NAMES = "forfar:wrong-keys:"
DIGEST_SALT = "forfar.wrong-keys"

# The window begins with its first wrong key. One key above the limit is kept, to show that it was exceeded.
COUNT = """
if redis.call('SCARD', KEYS[1]) <= tonumber(ARGV[2]) then redis.call('SADD', KEYS[1], ARGV[1]) end
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return {redis.call('SCARD', KEYS[1]), redis.call('TTL', KEYS[1])}
"""


class TooManyWrongKeysError(ForFarError):
    code = "too_many_wrong_keys"
    message = gettext_noop("Too many wrong keys came from this address; try again later.")

    def __init__(self, *, seconds: float) -> None:
        super().__init__()
        self.retry_after_seconds = max(1, round(seconds))


@dataclass
class Known:
    """What one process knows: until when it refuses which network, and until when it leaves Redis alone."""

    refused_until: dict[str, float] = field(default_factory=dict)
    redis_rests_until: float = 0.0


_known = PerProcess(Known)


def refuse_guesser(address: str) -> None:
    """Raise TooManyWrongKeysError if this process knows that the address has exceeded the limit."""
    refused_until = _known().refused_until
    if not refused_until:
        return
    left = refused_until.get(_network(address), 0) - monotonic()
    if left > 0:
        raise TooManyWrongKeysError(seconds=left)


def count_wrong_key(address: str, key: str) -> None:
    """Count a wrong key. Raises TooManyWrongKeysError at the first beyond the limit, never without Redis."""
    if not address or monotonic() < _known().redis_rests_until:
        return
    network = _network(address)
    try:
        different, seconds = _ask_redis(network, key)
    except RedisError as error:
        _leave_redis_alone(error)
        return
    if different > MAX_WRONG_KEYS:
        _refuse_from_now(network, seconds)
        raise TooManyWrongKeysError(seconds=seconds)


def _ask_redis(network: str, key: str) -> tuple[int, int]:
    """Return how many different wrong keys the network sent in its window, and the seconds left of it."""
    name, member = NAMES + _digest(network), _digest(key)
    answer: Any = client().eval(COUNT, 1, name, member, str(MAX_WRONG_KEYS), str(WINDOW_SECONDS))
    return int(answer[0]), int(answer[1])


def _digest(text: str) -> str:
    """Return what Redis stores in place of a key or an address, so that a dump of it gives none away."""
    return salted_hmac(DIGEST_SALT, text.encode("utf-8", "backslashreplace"), algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """Return what counts as one address: for IPv6 the subscriber's network of 2^64 addresses."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((int(parsed), 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _refuse_from_now(network: str, seconds: float) -> None:
    refused_until = _known().refused_until
    if len(refused_until) >= MAX_REFUSED:
        refused_until.clear()  # Redis still knows them, at one look-up each
    refused_until[network] = monotonic() + seconds


def _leave_redis_alone(error: RedisError) -> None:
    _known().redis_rests_until = monotonic() + REDIS_PAUSE_SECONDS
    logger.warning("Wrong keys are not counted, because Redis does not answer: %s", error)

"""All advisory locks of the service.

The numbers never change: during a rollout, processes of two releases have to wait for each other.
A lock with one number is an order id. All others have a space and a number; PostgreSQL keeps those apart.
"""

from hashlib import sha256
from typing import NamedTuple

from foundation.db.query import value


class Lock(NamedTuple):
    """A lock with two numbers of 32 bits each."""

    space: int
    number: int


SEALING = Lock(14, 0)
ARCHIVING = Lock(14, 1)
# The numbers of these two are those of a name: see `named`.
EXPORTS = 24  # the place that is exported to
IDEMPOTENCY_KEYS = 0x1DE4  # the order system and its key


def named(space: int, name: str) -> Lock:
    """Return the lock for a name. Two names can share one by chance; they then wait for each other."""
    return Lock(space, int.from_bytes(sha256(name.encode()).digest()[:4], "big", signed=True))


def lock_order(order_id: int) -> None:
    """Hold this order until the transaction ends; other orders do not wait.

    A transaction that waits here has no transaction id yet, so it does not hold the feed back.
    """
    value("SELECT pg_advisory_xact_lock(%s)", order_id)


def hold(lock: Lock) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    value("SELECT pg_advisory_xact_lock(%s, %s)", *lock)


def try_to_hold(lock: Lock) -> bool:
    """Hold the lock until the transaction ends, if nobody else has it."""
    return bool(value("SELECT pg_try_advisory_xact_lock(%s, %s)", *lock))


def hold_in_session(lock: Lock) -> None:
    """Wait for the lock and hold it until `release`, or until the session ends."""
    value("SELECT pg_advisory_lock(%s, %s)", *lock)


def try_to_hold_in_session(lock: Lock) -> bool:
    """Hold the lock until `release`, or until the session ends, if nobody else has it."""
    return bool(value("SELECT pg_try_advisory_lock(%s, %s)", *lock))


def release(lock: Lock) -> None:
    """Release a lock that the session holds."""
    value("SELECT pg_advisory_unlock(%s, %s)", *lock)

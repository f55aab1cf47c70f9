"""What tests of several files do with checks."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import psycopg2
from django.db import connection
from django.db.models import Max, QuerySet
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from checks import services
from checks.domain.commands import RecordRender
from checks.models import Check
from checks.rendering.produce import Rendering
from checks.services.render import RenderKey, waiting_for_render
from checks.services.sweep import expired_leases
from events.feed.horizon import horizon
from events.models import Event
from foundation.context import Actor
from foundation.jobs.queues import default_queue
from foundation.redis import client
from tests.support.fakes import SMALL_PDF

WORKER = Actor.worker("w")
BUSY = 6  # how many times slower a machine may be than the tests expect


def record_render(
    check_type: str = "kitchen",
    *,
    now: datetime,
    order_id: int = 123456,
    ms: int = 7,
    template: str | None = None,
) -> None:
    """Record a small PDF on the order's new checks of this type, as a worker does."""
    key = RenderKey(order_id, check_type)
    command = RecordRender(
        f"pdf/{order_id}_{check_type}.pdf",
        "ab" * 32,
        len(SMALL_PDF),
        1,
        ms,
        "fake",
        template or f"{check_type}@0",
    )
    for check_id in waiting_for_render(key):
        services.record_render(
            check_id=check_id,
            rendering=Rendering(command, SMALL_PDF),
            shared_with=key,
            actor=WORKER,
            now=now,
        )


def redis_away() -> Redis:
    """Return a client of a Redis that is not there, which does not try again for seconds."""
    return Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0))


def forget_redis() -> None:
    """Let the next use of Redis read the settings again."""
    default_queue.reset()
    client.reset()


def expire_leases(now: datetime) -> int:
    """End the leases that have run out, as the sweeper does; return how many."""
    return sum(services.expire_lease(check_id=check_id, now=now) for check_id in expired_leases(now=now))


def types_of(check: Check) -> list[str]:
    """Return the types of the check's events in order."""
    return list(Event.objects.filter(stream=check).order_by("version").values_list("type", flat=True))


def in_threads(count: int, work: Callable[[int], Any], *, seconds: float = 30) -> list[Any]:
    """Do the work in so many threads at once, and return each one's result or exception."""
    results: list[Any] = []

    def run(number: int) -> None:
        try:
            results.append(work(number))
        except Exception as error:  # noqa: BLE001 - the outcome of every thread counts
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds * BUSY)
    assert len(results) == count, "a thread hangs"
    return results


def own_parameters() -> dict[str, Any]:
    """Return what psycopg2 needs to connect to the database that Django works in now."""
    parameters: dict[str, Any] = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    return parameters


def another_connection(**parameters: Any) -> Any:
    """Connect to the test's database once more, for a transaction that may be idle on a busy machine."""
    own = own_parameters()
    patient = f"{own.get('options', '')} -c idle_in_transaction_session_timeout=0"
    return psycopg2.connect(**{**own, "options": patient, **parameters})


def within(seconds: float, look: Callable[[], Any]) -> Any:
    """Look again and again until there is something; fail after so many seconds times BUSY."""
    seconds *= BUSY
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"{look.__qualname__} saw nothing in {seconds} s"
        time.sleep(0.02)
    return found


def wait_until_settled() -> None:
    """Wait until no transaction that began before the last event is left: any in the cluster counts."""

    def nobody_holds_the_horizon() -> bool:
        return horizon() > (Event.objects.aggregate(last=Max("tx_id"))["last"] or 0)

    within(10, nobody_holds_the_horizon)


class Waiter(NamedTuple):
    """A session that waits for a lock, and its transaction id, if it has one."""

    locktype: str
    relation: str | None
    mode: str
    transaction_id: str | None


def waiters() -> list[Waiter]:
    """Return who waits for a lock in the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT locktype, relation::regclass::text, mode, backend_xid::text "
            "FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        return [Waiter(*row) for row in cursor.fetchall()]


def somebody_waits(locktype: str | None = None) -> bool:
    """Tell whether a session of the test's database waits for a lock, of this type if one is named."""
    return any(locktype in {None, waiter.locktype} for waiter in waiters())


def plan_of(rows: QuerySet[Any]) -> str:
    """Return how the database would find them, were every scan of a whole table dear.

    Without an order: by that alone it would read a table of a few rows, whatever the condition.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        query, parameters = rows.order_by().query.sql_with_params()
        cursor.execute(f"EXPLAIN {query}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())

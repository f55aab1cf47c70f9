"""script/server loses what it started, or Redis takes no more writes; it survives …

While Redis cannot be used every order is answered 200, the web server is never away and /readyz names Redis.
Once it is back everything is rendered within two minutes.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest
from redis import RedisError

from tests.faults.conftest import Flowing, through
from tests.faults.flow import Flow
from tests.faults.reach import kill, until
from tests.faults.served import Served
from tests.faults.small_disk import fill, mounted
from tests.faults.traffic import NO_ANSWER
from tests.faults.whole import Whole, frozen

pytestmark = [pytest.mark.faults, pytest.mark.thorough]

RENDERED_SECONDS = 120.0
OUTAGE_SECONDS = 25.0  # the background processes end several times
FROZEN_SECONDS = 60.0


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    served = Served(tmp_path_factory.mktemp("whole"), WEB_CONCURRENCY="3", LEASE_SECONDS="600")
    served.data.redis.mkdir(parents=True)
    with mounted(served.data.redis, megabytes=32) as has_disk:
        served.start()
        try:
            whole = Whole(served, has_disk=has_disk)
            yield whole
            whole.service.manage("verify_events", "--quiet")
        finally:
            served.stop()


@pytest.fixture
def flow(whole: Whole, request: pytest.FixtureRequest) -> Flowing:
    return through(whole, request)


@contextmanager
def redis_lost(whole: Whole, flow: Flowing) -> Iterator[Flow]:
    """Hold a block in which Redis is lost and comes back to what this module's first lines say."""
    with flow() as flowing, flowing.slowly():
        yield flowing
        flowing.require_rendered(RENDERED_SECONDS)
        until(whole.is_ready, "/readyz says that all is there")
        whole.require_alive()
    assert set(flowing.ledger.order_statuses) == {200}
    assert NO_ANSWER not in flowing.ledger.statuses


def outage(whole: Whole, flowing: Flow) -> None:
    """Wait until /readyz names Redis, and then for so long that everything notices."""
    until(whole.loses_redis, "/readyz names Redis")
    time.sleep(OUTAGE_SECONDS)
    flowing.accept(10)


def another_redis(whole: Whole, before: int) -> bool:
    with suppress(OSError, ValueError, RedisError, psutil.NoSuchProcess):
        return whole.redis_process().pid != before and whole.queue().ping() is True
    return False


def test_it_survives_redis_killed_three_times(whole: Whole, flow: Flowing) -> None:
    with redis_lost(whole, flow) as flowing:
        for _ in range(3):
            process = whole.redis_process()
            kill([process])
            flowing.accept(10)
            until(lambda before=process.pid: another_redis(whole, before), "Redis is started again")  # type: ignore[misc]
        kill([whole.redis_process()])
        until(whole.loses_redis, "/readyz names Redis")


def test_it_survives_redis_read_only(whole: Whole, flow: Flowing) -> None:
    with redis_lost(whole, flow) as flowing:
        whole.queue().replicaof("127.0.0.1", "1")
        outage(whole, flowing)
        whole.queue().replicaof("no", "one")


def test_it_survives_redis_out_of_memory(whole: Whole, flow: Flowing) -> None:
    with redis_lost(whole, flow) as flowing:
        whole.queue().config_set("maxmemory", 1)
        outage(whole, flowing)
        whole.queue().config_set("maxmemory", 0)


def test_it_survives_redis_stopped_for_a_minute(whole: Whole, flow: Flowing) -> None:
    with redis_lost(whole, flow), frozen(whole.redis_process()):
        until(whole.loses_redis, "/readyz names Redis")
        time.sleep(FROZEN_SECONDS)


def test_it_survives_the_disk_of_redis_full(whole: Whole, flow: Flowing) -> None:
    if not whole.has_disk:
        pytest.skip("NOT TESTED: the disk of Redis full. This user may not mount a small one here.")
    with redis_lost(whole, flow) as flowing:
        filler = whole.served.data.redis / ".filler"
        fill(filler)
        outage(whole, flowing)
        filler.unlink()


def test_it_survives_postgresql_killed_three_times(whole: Whole, flow: Flowing) -> None:
    with flow() as flowing, flowing.slowly():
        for _ in range(3):
            refused = flowing.ledger.order_statuses[503]
            kill([whole.postgres_process()])
            until(lambda before=refused: flowing.ledger.order_statuses[503] > before, "orders get 503")  # type: ignore[misc]
            flowing.accept(10)
        flowing.require_rendered(RENDERED_SECONDS)
        whole.require_alive()
    assert flowing.ledger.statuses[500] == 0
    assert NO_ANSWER not in flowing.ledger.statuses


def test_it_survives_each_process_of_the_procfile_killed(whole: Whole, flow: Flowing) -> None:
    servers = {whole.redis_process().pid, whole.postgres_process().pid}
    with flow() as flowing, flowing.slowly():
        before = whole.processes()
        for pid in before.keys() - servers:
            os.killpg(pid, signal.SIGKILL)
            flowing.accept(10)
        until(lambda: len(whole.processes()) == len(before), "all are started again")
        flowing.require_rendered(RENDERED_SECONDS)
        until(whole.is_ready, "/readyz says that all is there")
        whole.require_alive()

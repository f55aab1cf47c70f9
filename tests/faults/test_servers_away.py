"""Redis or PostgreSQL goes away; the service survives …"""

import pytest

from tests.faults.conftest import Flowing
from tests.faults.reach import until
from tests.faults.stack import Stack

pytestmark = pytest.mark.faults


@pytest.mark.thorough
def test_it_survives_redis_flushed(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing, stack.frozen(stack.workers()):
        flowing.accept(4)
        until(lambda: stack.queue().llen("rq:queue:default"), "jobs are in the queue")
        stack.queue().flushall()


def test_it_survives_redis_down_during_creates(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing:
        stack.redis_server.stop()
        flowing.ledger.statuses.clear()
        flowing.accept(4)  # the events are the outbox
        assert flowing.ledger.statuses[503] == 0
        stack.redis_server.start()


def test_it_survives_postgresql_restarted_under_load(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing:
        stack.postgres.stop()
        refused = flowing.ledger.statuses[503]
        until(lambda: flowing.ledger.statuses[503] > refused + 3, "requests are asked to come back")
        stack.postgres.start()
    assert flowing.ledger.statuses[500] == 0

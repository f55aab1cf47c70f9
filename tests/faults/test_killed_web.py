"""The web process is killed with SIGKILL; granian starts another, and the service survives …"""

import psutil
import pytest

from tests.faults.conftest import Flowing
from tests.faults.flow import Flow
from tests.faults.reach import kill, until
from tests.faults.stack import Stack

pytestmark = pytest.mark.faults

HISTORY = "LOCK TABLE checks_historicalcheck IN SHARE MODE"  # what comes last in a create and in a confirm
WRITING = "INSERT INTO %checks_historicalcheck"


def created_without_an_answer(stack: Stack, flowing: Flow) -> bool:
    created = stack.sql(
        "SELECT order_id FROM checks_check WHERE order_id = ANY(%s)", list(flowing.ledger.sent)
    )
    return bool({order_id for (order_id,) in created} - flowing.ledger.accepted)


def test_it_survives_a_web_process_killed_in_the_middle_of_a_create(stack: Stack, flow: Flowing) -> None:
    with flow():
        with stack.holding(HISTORY):
            until(lambda: stack.waits(WRITING), "a create has written its events")
            victims = stack.web_workers()
            kill(victims)
        until(lambda: stack.web_workers() and stack.is_ready(), "granian has started others")
        assert set(victims).isdisjoint(stack.web_workers())


@pytest.mark.thorough
def test_it_survives_a_web_process_killed_between_a_create_and_its_answer(
    stack: Stack, flow: Flowing
) -> None:
    with flow() as flowing:
        with stack.frozen([psutil.Process(stack.redis_server.process.pid)]):  # where the jobs would go
            until(lambda: created_without_an_answer(stack, flowing), "an order is created")
            kill(stack.web_workers())
        flowing.accept(1)


def test_it_survives_a_web_process_killed_in_the_middle_of_a_confirm(stack: Stack, flow: Flowing) -> None:
    with flow() as flowing:
        for printer in flowing.printers:
            printer.may_confirm.clear()
        until(flowing.ledger.printing.is_set, "a paper is out")
        with flowing.without_new_orders(), stack.holding(HISTORY):
            for printer in flowing.printers:
                printer.may_confirm.set()
            until(lambda: stack.waits(WRITING), "a confirm has written its event")
            kill(stack.web_workers())

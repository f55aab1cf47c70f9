"""Many at once; the service survives …"""

from collections.abc import Iterator

import pytest

from tests.faults.conftest import Flowing
from tests.faults.stack import Stack

pytestmark = [pytest.mark.faults, pytest.mark.thorough]

POINTS = {point: (f"crowd-{point}-kitchen", f"crowd-{point}-client") for point in range(1001, 1051)}


@pytest.fixture
def crowd(stack: Stack) -> Iterator[None]:
    """Ten workers, a second sweeper with a cron and a scheduler of its own, and a hundred printers."""
    for point, keys in POINTS.items():
        for key in keys:
            stack.sql(
                "INSERT INTO printers_printer (name, api_key, check_type, point_id, delivery) "
                "VALUES (%s, %s, %s, %s, 'confirm')",
                *(key, key, key.rpartition("-")[2], point),
            )
    stack.restart("worker", RENDER_WORKERS="10")
    seconds = ("upkeep", "cron", "scheduler")
    for name in seconds:
        stack.start_process(f"second {name}", like=name)
    yield
    for name in seconds:
        stack.end_process(f"second {name}")
    stack.restart("worker")


def test_it_survives_two_sweepers_ten_workers_and_a_hundred_printers_at_once(
    stack: Stack, crowd: None, flow: Flowing
) -> None:
    with flow(points=POINTS, printer_pause=2.0) as flowing:
        flowing.accept(30)
        with stack.frozen(stack.workers()):
            flowing.accept(10)
            stack.queue().flushall()  # so that both sweepers find the same work
        flowing.accept(10)

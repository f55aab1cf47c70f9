"""Drives services and calls at random, and compares every answer with what the model expects."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.integration.checks.state_machine.orders import Orders
from tests.integration.checks.state_machine.people import People
from tests.integration.checks.state_machine.workers import Workers


class CheckMachine(Orders, Workers, People):
    """Orders, renders, printers, staff and time in any order."""

    @initialize(
        point_id=st.sampled_from([1, 2, 3, 4]), is_rendered=st.sampled_from([True, True, True, False])
    )
    def begin(self, point_id: int, is_rendered: bool) -> None:
        """Start with an order, mostly a rendered one: few runs would get beyond that otherwise."""
        self.order(1, point_id, "call")
        while is_rendered and self.jobs:
            self.work_off_one("works")

"""What order systems do: post, post again, and ask how far it is."""

from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import EXAMPLE_ORDER
from tests.integration.checks.state_machine.base import Machine, commits, job_of, order_ids
from tests.integration.checks.state_machine.model import Paper, keys_of_point
from tests.integration.checks.state_machine.world import code_of

points = st.sampled_from([1, 2, 2, 3, 4, 9])
ways = st.sampled_from(["service", "call", "call with key a", "call with key b"])


class Orders(Machine):
    @rule(order_id=order_ids, point_id=points, way=ways)
    def order(self, order_id: int, point_id: int, way: str) -> None:
        order = {**EXAMPLE_ORDER, "id": order_id, "point_id": point_id}
        if way == "service":
            self._create(order)
        else:
            self._post(order, way.partition(" with key ")[2])

    def _create(self, order: dict[str, Any]) -> None:
        expected = self._refusal_of(order)
        created: list[Check] = []
        create = partial(services.create_checks, order=order, actor=Actor.order_system())

        with commits():
            code = code_of(lambda: created.extend(create(now=self.world.now)))

        assert code == expected
        self._note(order, [check.pk for check in created])

    def _post(self, order: dict[str, Any], key: str) -> None:
        """Post the order, with an Idempotency-Key or without."""
        expected = self._refusal_of(order)
        first = self.answers.get(key)
        if first:
            expected = "" if first[0] == order else "idempotency_key_reused"
        headers = {"Idempotency-Key": key} if key else {}

        with commits():
            code, answer = self.world.post("/create_checks/", order, **headers)

        assert code == expected
        if first:
            assert code or answer == first[1]
        elif not code:
            self._note(order, [check["id"] for check in answer["checks"]])
            self.answers |= {key: (order, answer)} if key else {}

    def _refusal_of(self, order: dict[str, Any]) -> str:
        if self.of_order(order["id"]):
            return "order_exists"
        return "" if keys_of_point(order["point_id"]) else "point_without_printer"

    def _note(self, order: dict[str, Any], check_ids: list[int]) -> None:
        """Note the new checks: one for each printer of the point, in the printers' order."""
        keys = keys_of_point(order["point_id"]) if check_ids else []
        new = [
            Paper(check_id, order["id"], key, self.world.now)
            for check_id, key in zip(check_ids, keys, strict=True)
        ]
        self.papers += new
        self.jobs |= {job_of(paper) for paper in new}

    @rule(order_id=order_ids)
    def follow(self, order_id: int) -> None:
        papers = self.of_order(order_id)

        code, answer = self.world.get("/order_checks/", order_id=order_id)

        assert code == ("" if papers else "check_not_found")
        if papers:
            told = [(check["id"], check["status"], check["version"]) for check in answer["checks"]]
            assert told == [(paper.id, paper.status, len(paper.events)) for paper in papers]

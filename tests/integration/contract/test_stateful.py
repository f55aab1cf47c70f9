"""Whoever follows the links of api.yml from call to call …"""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.integration.contract.loading import load_contract
from tests.integration.contract.seeds import Seeds, aim, is_valid
from tests.support.profiles import examples

ORDERS = load_contract().include(tag="order systems")
PRINTERS = load_contract().include(tag="printers")
answered: set[tuple[str, int]] = set()


class Run:
    """One run of a client, which is undone; what was answered is noted."""

    seeds: Seeds

    def setup(self) -> None:
        self._run = transaction.atomic()
        self._run.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._run.__exit__(None, None, None)

    def before_call(self, case: Case) -> None:
        if is_valid(case):
            self.complete(case)

    def complete(self, case: Case) -> None:
        """Add to a valid request what the client knows and api.yml cannot say."""

    def get_call_kwargs(self, case: Case) -> dict[str, Any]:
        return {"headers": self.seeds.credentials(case)}

    def after_call(self, response: Any, case: Case) -> None:
        super().after_call(response, case)  # type: ignore[misc]
        answered.add((case.operation.label, response.status_code))

    def validate_response(self, response: Any, case: Case, **options: Any) -> None:
        """All checks but one: a valid request for what is not there, or not any more, is refused."""
        case.validate_response(response, excluded_checks=[positive_data_acceptance], **options)


class OrderSystem(Run, ORDERS.as_state_machine()):  # type: ignore[misc]
    def complete(self, case: Case) -> None:
        if case.operation.label == "POST /create_checks/":
            aim(case, self.seeds)


class Printer(Run, PRINTERS.as_state_machine()):  # type: ignore[misc]
    def complete(self, case: Case) -> None:
        """Name the check once: the link has put its id into the query."""
        if isinstance(case.body, dict):
            case.body.pop("check_id", None)
            case.body.pop("api_key", None)
        if case.operation.label == "POST /check/failed/" and "reason" not in case.query:
            case.query["reason"] = "no paper"


@pytest.mark.parametrize(("client", "contract"), [(OrderSystem, ORDERS), (Printer, PRINTERS)])
def test_it_gets_answers_that_the_contract_describes(client: Any, contract: Any, seeds: Seeds) -> None:
    answered.clear()
    client.seeds = seeds

    client.run(settings=settings(max_examples=examples(20, 400), stateful_step_count=8))

    reached = {label for label, status in answered if status == 200}
    assert reached == {operation.ok().label for operation in contract.get_all_operations()}

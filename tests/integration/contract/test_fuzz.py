"""Whatever is sent, the answer is one that api.yml describes …"""

from typing import Any

from django.db import transaction
from hypothesis import settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.integration.contract.loading import load_contract
from tests.integration.contract.seeds import Seeds, aim, is_valid
from tests.support.profiles import examples

contract = load_contract()


def call(case: Case, **options: Any) -> Any:
    """Send the request and apply the checks; what it changed is forgotten."""
    with transaction.atomic():
        try:
            return case.call_and_validate(**options)
        finally:
            transaction.set_rollback(True)


@contract.parametrize()
@settings(max_examples=examples(20, 700))
def test_it_is_so_for_whoever_asks_for_what_is_there(case: Case, seeds: Seeds) -> None:
    """With all checks: a valid request has to be answered, an invalid one to be refused."""
    if is_valid(case):
        aim(case, seeds)
    call(case, headers=seeds.credentials(case))


@contract.parametrize()
@settings(max_examples=examples(20, 700))
def test_it_is_so_for_whoever_asks_for_anything(case: Case, seeds: Seeds) -> None:
    """With all checks but one: a valid request for a check that is not there is refused."""
    call(case, headers=seeds.credentials(case), excluded_checks=[positive_data_acceptance])

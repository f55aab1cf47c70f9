"""A printer dies with the paper in its hands, before it confirms; its check …"""

from collections.abc import Iterator

import pytest
import requests

from tests.faults.reach import until
from tests.faults.stack import Stack
from tests.faults.traffic import new_order

pytestmark = [pytest.mark.faults, pytest.mark.thorough]

POINT = 2  # of fixtures/printers.json
CONFIRMS, RESENDS = "key3", "key4"


@pytest.fixture(scope="module")
def short_leases(stack: Stack) -> Iterator[Stack]:
    stack.restart("web", LEASE_SECONDS="2")
    yield stack
    stack.restart("web")


def call(stack: Stack, path: str, key: str, **parameters: int) -> requests.Response:
    host, port = stack.service.address
    headers = {"Authorization": f"Api-Key {key}"}
    answer = requests.get(f"http://{host}:{port}{path}", parameters, headers=headers, timeout=20)
    assert answer.status_code == 200
    return answer


def listed(stack: Stack, key: str) -> list[int]:
    return [check["id"] for check in call(stack, "/new_checks/", key).json()["checks"]]


def take_and_die(stack: Stack, key: str) -> int:
    """Have an order printed as far as the paper, and return the check's id."""
    host, port = stack.service.address
    answer = requests.post(f"http://{host}:{port}/create_checks/", json=new_order(POINT), timeout=20)
    ids = {check["id"] for check in answer.json()["checks"]}
    (check_id,) = until(lambda: ids & set(listed(stack, key)), "the printer has something to print")
    assert call(stack, "/check/", key, check_id=check_id).content.startswith(b"%PDF")
    assert check_id not in listed(stack, key)
    return int(check_id)


def test_it_fails_as_unconfirmed_and_is_never_sent_again_by_itself(short_leases: Stack) -> None:
    check_id = take_and_die(short_leases, CONFIRMS)

    until(
        lambda: short_leases.sql(
            "SELECT 1 FROM events_event WHERE check_id = %s AND type = 'failed' "
            "AND data->>'reason' = 'unconfirmed'",
            check_id,
        ),
        "the sweeper ends the lease",
    )
    assert check_id not in listed(short_leases, CONFIRMS)


def test_it_is_offered_again_where_the_printer_is_set_to_resend(short_leases: Stack) -> None:
    check_id = take_and_die(short_leases, RESENDS)

    until(lambda: check_id in listed(short_leases, RESENDS), "the sweeper ends the lease")

"""Whatever order is posted …"""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import event, given, settings
from hypothesis import strategies as st

from checks.models import Check
from order_systems.services import NewToken
from printers.models import Printer
from tests.support.calls import JSON, log_of, nothing_written, refusal_of
from tests.support.profiles import examples
from tests.support.strategies import nearly_valid_orders, small_orders


@pytest.fixture
def post(api: Client, printers: Any, token: NewToken, redis: Any) -> Any:
    """Post it as an order system does."""

    def post(order: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {token.secret}"}
        return api.generic("POST", "/create_checks/", json.dumps(order).encode(), JSON, headers=headers)

    return post


@settings(max_examples=examples(150, 3000))
@given(order=st.one_of(small_orders, nearly_valid_orders()))
def test_it_is_created_whole_or_leaves_nothing(post: Any, order: dict[str, Any]) -> None:
    with transaction.atomic():
        accepted = post_and_look(post, order)
        transaction.set_rollback(True)

    event("accepted" if accepted else "refused")


@settings(max_examples=examples(50, 500))
@given(order=small_orders)
def test_it_is_accepted_where_it_is_valid(post: Any, order: dict[str, Any]) -> None:
    with transaction.atomic():
        assert post_and_look(post, order)
        transaction.set_rollback(True)


def post_and_look(post: Any, order: dict[str, Any]) -> bool:
    """Post the order, look at what is there then, and tell whether it was accepted."""
    before = set(Check.objects.values_list("pk", flat=True))
    with transaction.atomic():
        response = post(order)
    if response.status_code == 200:
        checks = list(Check.objects.exclude(pk__in=before).order_by("pk"))
        assert [check.pk for check in checks] == [each["id"] for each in response.json()["checks"]]
        _is_whole(order, checks)
        return True
    refusal_of(response, 400)
    with nothing_written():
        refusal_of(post(order), 400)
    assert set(Check.objects.values_list("pk", flat=True)) == before
    return False


def _is_whole(order: dict[str, Any], checks: list[Check]) -> None:
    """One check for each printer of the point, with the order as sent, an event and a history record."""
    there = Printer.objects.filter(point_id=int(order["point_id"])).order_by("pk")
    assert [check.printer_id for check in checks] == [printer.pk for printer in there]
    for check in checks:
        assert (check.order, check.order_id, check.status) == (order, order["id"], "new")
        assert [(kind, data["order_id"]) for kind, _, data in log_of(check)] == [
            ("created", str(order["id"]))
        ]
        assert Check.history.get(id=check.pk).version == 1

"""GET /order_checks/ …"""

from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from checks.models import Check
from tests.support.calls import answer_of, download, nothing_written, refusal_of


def test_it_tells_how_far_the_checks_are(api: Client, created: list[Check]) -> None:
    kitchen, client = created
    with nothing_written():
        response = api.get("/order_checks/", {"order_id": 123456})

    both = {"status": "new", "version": 1, "status_changed_at": "2026-01-15T15:00:00+03:00"}
    assert answer_of(response) == {
        "checks": [
            {"id": kitchen.pk, "type": "kitchen", "printer_id": 1, **both},
            {"id": client.pk, "type": "client", "printer_id": 2, **both},
        ]
    }


def test_it_follows_a_check(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    kitchen, client = answer_of(api.get("/order_checks/", {"order_id": 123456}))["checks"]

    assert (kitchen["status"], kitchen["version"]) == ("rendered", 3)
    assert parse_datetime(kitchen["status_changed_at"]) == rendered.status_changed_at
    assert (client["status"], client["version"]) == ("rendered", 2)


def test_it_takes_one_query(api: Client, created: list[Check], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        answer_of(api.get("/order_checks/", {"order_id": 123456}))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("order_id=777", id="unknown"),
        pytest.param("", id="missing"),
        pytest.param("order_id=", id="empty"),
        pytest.param("order_id=abc", id="no number"),
        pytest.param("order_id=123456.0", id="fraction"),
        pytest.param("order_id=-123456", id="negative"),
        pytest.param("order_id=0", id="zero"),
        pytest.param("order_id=9223372036854775808", id="2^63"),
        pytest.param("order_id=" + "1" * 3000, id="3000 digits"),
        pytest.param("order_id=123456%00", id="NUL"),
        pytest.param("order_id=%D9%A1", id="arabic digit"),
        pytest.param("order_id=%FF", id="no UTF-8"),
        pytest.param("order_id=123456&order_id=1", id="two"),
    ],
)
def test_it_refuses_an_order_that_it_does_not_know(api: Client, created: list[Check], query: str) -> None:
    response = api.get(f"/order_checks/?{query}")

    assert refusal_of(response, 400) == {"error": "Такого чека нет.", "code": "check_not_found"}

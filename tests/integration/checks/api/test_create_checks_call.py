"""POST /create_checks/ …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from checks.domain.order_digest import order_digest
from checks.models import Check
from checks.services import render_queue as queue
from events.models import Event
from foundation.jobs.queues import default_queue
from tests.support.calls import (
    JSON,
    answer_of,
    listed,
    log_of,
    nothing_written,
    refusal_of,
)
from tests.support.helpers import types_of

REQUEST_ID = "0b6f5a50-6a3d-4a0e-9d0c-6c2d1a7f0e11"


def test_it_creates_a_check_for_every_printer(post_order: Callable, order: Any, redis: Any) -> None:
    response = post_order(order)

    kitchen, client = Check.objects.filter(order_id=123456).order_by("id")
    assert answer_of(response) == {
        "ok": "Чеки успешно созданы",
        "checks": [
            {"id": kitchen.pk, "type": "kitchen", "printer_id": 1},
            {"id": client.pk, "type": "client", "printer_id": 2},
        ],
    }
    for check in (kitchen, client):
        assert (check.status, check.version, check.order, check.pdf_file.name) == ("new", 1, order, "")
        data = {
            "order_id": "123456",
            "type": check.type,
            "printer_id": check.printer_id,
            "point_id": 1,
            "order_digest": order_digest(order, bytes(check.order_salt)),
        }
        assert log_of(check) == [("created", "order_system", data)]
    assert sorted(default_queue().job_ids) == ["render-123456-client", "render-123456-kitchen"]


def test_it_leads_to_a_pdf(
    post_order: Callable, run_jobs: Callable, fake_renderer: Any, api: Client, order: Any
) -> None:
    answer_of(post_order(order))

    run_jobs()

    (kitchen,) = Check.objects.filter(order_id=123456, type="kitchen")
    assert (kitchen.status, kitchen.pdf_file.name) == ("rendered", "pdf/123456_kitchen.pdf")
    assert types_of(kitchen) == ["created", "rendered"]
    assert listed(api, "key1") == [kitchen.pk]


def test_it_answers_in_english_when_asked(api: Client, printers: Any, order: Any) -> None:
    response = api.post("/create_checks/", order, JSON, headers={"Accept-Language": "en"})

    assert answer_of(response)["ok"] == "Checks have been created"


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "*/*", "nonsense", ""])
def test_it_answers_in_json_whatever_is_accepted(api: Client, printers: Any, order: Any, accept: str) -> None:
    answer_of(api.post("/create_checks/", order, JSON, headers={"Accept": accept}))


def test_it_carries_the_request_id_into_events_and_jobs(
    api: Client,
    printers: Any,
    order: Any,
    run_jobs: Callable,
    fake_renderer: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = api.post("/create_checks/", order, JSON, headers={"X-Request-ID": REQUEST_ID})
    run_jobs()

    assert response.headers["X-Request-ID"] == REQUEST_ID
    events = Event.objects.filter(stream__order_id=123456)
    assert sorted(events.values_list("type", flat=True)) == ["created", "created", "rendered", "rendered"]
    assert {str(each) for each in events.values_list("correlation_id", flat=True)} == {REQUEST_ID}


def test_it_gives_a_new_id_to_a_request_whose_own_is_no_uuid(api: Client, printers: Any, order: Any) -> None:
    response = api.post("/create_checks/", order, JSON, headers={"X-Request-ID": "17; DROP"})

    given = response.headers["X-Request-ID"]
    assert len(given) == 36
    recorded = Event.objects.filter(stream__order_id=123456).values_list("correlation_id", flat=True)
    assert {str(each) for each in recorded} == {given}


def test_it_takes_an_order_while_the_queue_is_down(
    post_order: Callable, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_job: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(queue, "enqueue_render", refuse)

    answer_of(post_order(order))

    assert Check.objects.filter(order_id=123456, status="new").count() == 2


def test_it_refuses_a_point_without_a_printer(post_order: Callable, order: Any, redis: Any) -> None:
    with nothing_written():
        body = refusal_of(post_order({**order, "point_id": 99}), 400)

    assert body == {"error": "У этой точки нет ни одного принтера.", "code": "point_without_printer"}
    assert default_queue().job_ids == []


@pytest.mark.parametrize("point_id", [1, "1", 2], ids=["same point", "as text", "another point"])
def test_it_refuses_an_order_that_has_checks(
    post_order: Callable, order: Any, redis: Any, point_id: int | str
) -> None:
    post_order(order)
    redis.flushdb()

    with nothing_written():
        body = refusal_of(post_order({**order, "point_id": point_id, "price": 1}), 400)

    assert body == {"error": "Чеки для этого заказа уже созданы.", "code": "order_exists"}
    assert default_queue().job_ids == []


def test_it_names_every_field_that_is_wrong(api: Client, printers: Any, order: Any) -> None:
    wrong = [order["items"][0], {"name": " ", "quantity": 0, "unit_price": "1"}]
    with nothing_written():
        body = refusal_of(
            api.post("/create_checks/", {**order, "items": wrong, "client": {"name": "Иван"}}, JSON), 400
        )

    assert body == {
        "error": "items[1].name: Это поле не может быть пустым.",
        "code": "invalid",
        "details": {
            "items[1].name": ["Это поле не может быть пустым."],
            "items[1].quantity": ["Убедитесь, что это значение больше либо равно 1."],
            "items[1].unit_price": ["Введите правильное число."],
            "client.phone": ["Обязательное поле."],
        },
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"point_id": 1}, id="point as a number"),
        pytest.param({"point_id": "1"}, id="point as text"),
        pytest.param({"client": {"name": "Иван", "phone": 9173332222}}, id="phone as a number"),
        pytest.param({"client": {"name": "Иван", "phone": "9173430000"}}, id="phone as text"),
        pytest.param({"client": {"name": "", "phone": "", "vip": True}}, id="nameless client"),
        pytest.param({"discount": 0.1, "tags": [None, -1.5e-300, {"": []}]}, id="extra fields"),
        pytest.param({"address": ""}, id="empty address"),
        pytest.param({"address": "ул. <b>&amp;</b> {{ x }} 𝔘𝔫𝔦🍕 \u202e \ufffe\n"}, id="markup and Unicode"),
        pytest.param({"price": 0}, id="nothing to pay"),
        pytest.param({"price": 2**63 - 1}, id="largest price"),
        pytest.param({"id": 1}, id="smallest id"),
        pytest.param({"id": 2**63 - 1}, id="largest id"),
        pytest.param({"items": [{"name": "ы" * 10_000, "quantity": 1, "unit_price": 0}]}, id="long name"),
        pytest.param({"items": [{"name": "a", "quantity": 1, "unit_price": 0}] * 500}, id="500 items"),
    ],
)
def test_it_takes_and_keeps_what_the_contract_allows(
    api: Client, printers: Any, order: Any, change: dict[str, Any]
) -> None:
    sent = {**order, **change}

    answer_of(api.post("/create_checks/", sent, JSON))

    kept = Check.objects.filter(order_id=sent["id"])
    assert [check.order for check in kept] == [sent, sent]
    for check in kept:
        assert Event.objects.get(stream=check).data["order_digest"] == order_digest(
            sent, bytes(check.order_salt)
        )


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-16"]
)
def test_it_takes_json_by_its_name_and_reads_it_as_utf_8(
    api: Client, printers: Any, order: Any, content_type: str
) -> None:
    import json

    body = json.dumps(order, ensure_ascii=False).encode()
    answer_of(api.generic("POST", "/create_checks/", body, content_type))

    assert Check.objects.filter(order_id=123456).first().order == order  # type: ignore[union-attr]

"""A bad request …"""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checks.models import Check
from tests.support.calls import (
    FORM,
    JSON,
    answer_of,
    download,
    nothing_written,
    refusal_of,
)

REPORT = "/check/printed/?api_key=key1"
MULTIPART = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 5_000_000], ids=["a byte too many", "5 MB"])
def test_it_gets_413_for_an_order_over_the_limit(api: Client, printers: Any, order: Any, size: int) -> None:
    body = json.dumps(order).encode().ljust(size)
    with nothing_written():
        response = api.generic("POST", "/create_checks/", body, JSON)

    assert refusal_of(response, 413)["code"] == "body_too_large"


def test_it_is_none_up_to_the_limit(api: Client, printers: Any, order: Any, settings: Any) -> None:
    body = json.dumps(order).encode().ljust(settings.MAX_BODY_BYTES)

    answer_of(api.generic("POST", "/create_checks/", body, JSON))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"data": json.dumps({"x": "a" * 5_000_000}), "content_type": JSON}, id="JSON"),
        pytest.param({"data": "x=" + "a" * 5_000_000, "content_type": FORM}, id="form"),
        pytest.param({"data": {"x": "a" * 5_000_000}}, id="multipart field"),
        pytest.param({"data": {"x": b"a" * 5_000_000}}, id="multipart file"),
    ],
)
def test_it_gets_413_for_a_report_over_the_limit(api: Client, rendered: Check, sent: dict[str, Any]) -> None:
    if isinstance(sent["data"], dict) and isinstance(sent["data"]["x"], bytes):
        sent = {"data": {"x": SimpleUploadedFile("x", sent["data"]["x"])}}
    with nothing_written():
        response = api.post(REPORT, **sent)

    assert refusal_of(response, 413)["code"] == "body_too_large"


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "text/json", "application/xml", FORM, MULTIPART, "application/jsonx", "json", ";"],
)
def test_it_gets_415_for_an_order_that_is_not_json(
    api: Client, printers: Any, order: Any, content_type: str
) -> None:
    with nothing_written():
        response = api.generic("POST", "/create_checks/", json.dumps(order).encode(), content_type)

    assert refusal_of(response, 415)["code"] == "unsupported_media_type"


@pytest.mark.parametrize("content_type", ["text/plain", "application/octet-stream", "application/xml"])
def test_it_gets_415_for_a_report_of_another_type(api: Client, rendered: Check, content_type: str) -> None:
    download(api, "key1", rendered)
    with nothing_written():
        response = api.generic("POST", f"{REPORT}&check_id={rendered.pk}", b"x", content_type)

    refusal_of(response, 415)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        *((method, "/create_checks/") for method in ("GET", "PUT", "PATCH", "DELETE", "TRACE")),
        *((method, "/order_checks/") for method in ("POST", "PUT", "DELETE")),
        *((method, "/new_checks/?api_key=key1") for method in ("POST", "PUT", "DELETE")),
        *((method, "/check/?api_key=key1") for method in ("POST", "PUT", "DELETE")),
        *((method, "/check/printed/?api_key=key1") for method in ("GET", "PUT", "DELETE")),
        *((method, "/check/failed/?api_key=key1") for method in ("GET", "PUT", "PROPFIND")),
        ("POST", "/api.yml"),
        ("POST", "/docs/"),
    ],
)
def test_it_gets_405_for_a_wrong_method(api: Client, printers: Any, method: str, address: str) -> None:
    with nothing_written():
        response = api.generic(method, address)

    assert refusal_of(response, 405)["code"] == "method_not_allowed"
    assert response.headers["Allow"]


@pytest.mark.parametrize(
    "address",
    [
        "/create_checks",
        "/new_checks",
        "/check",
        "/check/printed",
        "/nope/",
        "/%00",
        "/%FF",
        "/check/1/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_gets_404_for_an_unknown_address(
    api: Client, printers: Any, order: Any, method: str, address: str
) -> None:
    with nothing_written():
        response = api.generic(method, address, json.dumps(order).encode(), JSON)

    assert refusal_of(response, 404) == {"error": "По этому адресу ничего нет.", "code": "not_found"}


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "localhost:x", "[::1"])
def test_it_gets_400_for_a_wrong_host(api: Client, printers: Any, order: Any, host: str) -> None:
    with nothing_written():
        response = api.post("/create_checks/", order, JSON, headers={"Host": host})

    assert refusal_of(response, 400) == {"error": "Не удалось прочитать запрос.", "code": "unreadable"}


@pytest.mark.parametrize(
    "check_id",
    [
        pytest.param("", id="missing"),
        pytest.param("check_id=", id="empty"),
        pytest.param("check_id={id}&check_id=", id="once empty"),
        pytest.param("check_id={id}&check_id=1{id}", id="two"),
        pytest.param("check_id=abc", id="abc"),
        pytest.param("check_id=-1", id="-1"),
        pytest.param("check_id=0", id="0"),
        pytest.param("check_id=1e3", id="1e3"),
        pytest.param("check_id={id}.0", id="fraction"),
        pytest.param("check_id=+{id}", id="space before"),
        pytest.param("check_id=%2B{id}", id="plus before"),
        pytest.param("check_id={id}%00", id="NUL behind"),
        pytest.param("check_id={id}%0A", id="line feed behind"),
        pytest.param("check_id=%D9%A1", id="arabic digit"),
        pytest.param("check_id=%C2%B2", id="superscript digit"),
        pytest.param("check_id=%FF", id="no UTF-8"),
        pytest.param("check_id=9223372036854775807", id="2^63-1"),
        pytest.param("check_id=9223372036854775808", id="2^63"),
        pytest.param("check_id=1180591620717411303424", id="2^70"),
        pytest.param("check_id=" + "9" * 5000, id="5000 digits"),
        pytest.param("CHECK_ID={id}", id="wrong name"),
    ],
)
@pytest.mark.parametrize("call", ["check", "printed", "failed"])
def test_it_gets_one_answer_for_every_wrong_check_id(
    api: Client, rendered: Check, call: str, check_id: str
) -> None:
    download(api, "key1", rendered)
    query = f"api_key=key1&reason=x&{check_id.format(id=rendered.pk)}"
    with nothing_written():
        response = api.get(f"/check/?{query}") if call == "check" else api.post(f"/check/{call}/?{query}")

    assert refusal_of(response, 400) == {"error": "Такого чека нет.", "code": "check_not_found"}


@pytest.mark.parametrize(
    "check_id", [None, True, 1.0, [1], {"1": 1}, -1, 0, 2**70, "", " 1", "1e3"], ids=repr
)
@pytest.mark.parametrize("call", ["printed", "failed"])
def test_it_gets_the_same_answer_for_a_wrong_check_id_in_json(
    api: Client, rendered: Check, call: str, check_id: object
) -> None:
    with nothing_written():
        response = api.post(f"/check/{call}/", {"api_key": "key1", "reason": "x", "check_id": check_id}, JSON)

    assert refusal_of(response, 400) == {"error": "Такого чека нет.", "code": "check_not_found"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"x", "multipart/form-data", id="no boundary"),
        pytest.param(b"x", "multipart/form-data; boundary=", id="empty boundary"),
        pytest.param(b"x", "multipart/form-data; boundary=\xe9", id="boundary beyond ASCII"),
        pytest.param(b"&a=1" * 2000, FORM, id="2,000 fields"),
        pytest.param(
            b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(10_000))
            + b"--x--\r\n",
            MULTIPART,
            id="10,000 parts",
        ),
        pytest.param(b"{", JSON, id="unfinished JSON"),
        pytest.param(b"[]", JSON, id="JSON list"),
        pytest.param(b'{"check_id": NaN}', JSON, id="NaN"),
        pytest.param(b'{"api_key": "\\u0000"}', JSON, id="NUL in JSON"),
    ],
)
def test_it_gets_400_for_a_report_that_cannot_be_read(
    api: Client, rendered: Check, body: bytes, content_type: str
) -> None:
    download(api, "key1", rendered)
    with nothing_written():
        response = api.generic("POST", f"{REPORT}&check_id={rendered.pk}", body, content_type)

    assert refusal_of(response, 400)["code"] in {"parse_error", "unreadable"}


@pytest.mark.parametrize("address", ["/new_checks/", "/check/", "/order_checks/"])
def test_it_gets_400_for_too_many_parameters(api: Client, printers: Any, address: str) -> None:
    response = api.get(f"{address}?api_key=key1" + "&a=1" * 2000)

    assert refusal_of(response, 400)["code"] == "unreadable"

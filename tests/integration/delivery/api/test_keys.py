"""A printer's key …"""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from printers.models import Printer
from tests.support.calls import FORM, JSON, answer_of, download, nothing_written, refusal_of

REFUSED = {"error": "Ошибка авторизации"}


@pytest.mark.parametrize(
    ("query", "header"),
    [
        pytest.param("?api_key=key1", None, id="query"),
        pytest.param("", "Api-Key key1", id="header"),
        pytest.param("", "api-key   key1 ", id="header, written otherwise"),
        pytest.param("?api_key=key1", "Api-Key key1", id="both, equal"),
        pytest.param("?api_key=key1&api_key=key1", None, id="twice, equal"),
        pytest.param("?api_key=key1", "Basic a2V5Mjo=", id="query beside another scheme"),
        pytest.param("?api_key=key1", "Api-Key", id="query beside an empty header"),
        pytest.param("?api_key=key1&x=%FF%zz%&&=&;", None, id="garbage beside it"),
    ],
)
def test_it_is_taken(api: Client, rendered: Check, query: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}

    response = api.get(f"/new_checks/{query}", headers=headers)

    assert answer_of(response) == {"checks": [{"id": rendered.pk}]}


@pytest.mark.parametrize(
    ("query", "header"),
    [
        pytest.param("", None, id="none"),
        pytest.param("?api_key=", None, id="empty"),
        pytest.param("?api_key=nobody", None, id="unknown"),
        pytest.param("?api_key=key1&api_key=key2", None, id="twice, different"),
        pytest.param("?api_key=key1&api_key=", None, id="once empty"),
        pytest.param("?api_key=key2", "Api-Key key1", id="another in the header"),
        pytest.param("?API_KEY=key1", None, id="wrong name"),
        pytest.param("?api_key=%00", None, id="NUL"),
        pytest.param("?api_key=key1%00", None, id="NUL at the end"),
        pytest.param("?api_key=%FF%FE", None, id="no UTF-8"),
        pytest.param("?api_key=%D0%BA%D0%BB%D1%8E%D1%87", None, id="Cyrillic"),
        pytest.param("?api_key=%ED%A0%80", None, id="surrogate"),
        pytest.param("?api_key=" + "k" * 1_000_000, None, id="1 MB"),
        pytest.param("", "key1", id="header without a scheme"),
        pytest.param("", "Api-Key", id="header without a key"),
        pytest.param("", "Api-Key ", id="header with an empty key"),
        pytest.param("", "Api-Key key1, key1", id="header with two keys"),
        pytest.param("", "Bearer key1", id="another scheme"),
        pytest.param("", "Basic a2V5MTo=", id="Basic"),
        pytest.param("", "Basic !", id="bad Basic"),
        pytest.param("", "Api-Key \u00ff\u0080", id="header beyond ASCII"),
        pytest.param("", "\u00a0", id="header of a space"),
        pytest.param("", "Api-Key " + "k" * 1_000_000, id="header of 1 MB"),
    ],
)
def test_it_is_refused(api: Client, rendered: Check, query: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}

    with nothing_written():
        response = api.get(f"/new_checks/{query}", headers=headers)

    assert refusal_of(response, 401) == REFUSED
    assert response.headers["WWW-Authenticate"] == "Api-Key"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param({"api_key": "key1"}, JSON, id="JSON"),
        pytest.param("api_key=key1", FORM, id="form"),
        pytest.param("api_key=key1", f"{FORM}; charset=cp1251", id="form of another charset"),
    ],
)
def test_it_is_taken_from_the_body_of_a_report(
    api: Client, rendered: Check, body: Any, content_type: str
) -> None:
    download(api, "key1", rendered)

    answer_of(api.post(f"/check/printed/?check_id={rendered.pk}", body, content_type))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param({"api_key": "key2"}, JSON, id="JSON"),
        pytest.param({"api_key": None}, JSON, id="null"),
        pytest.param({"api_key": ["key1"]}, JSON, id="list"),
        pytest.param({"api_key": {"key1": "key1"}}, JSON, id="object"),
        pytest.param("api_key=key2", FORM, id="form"),
        pytest.param("api_key=%00", FORM, id="NUL in a form"),
    ],
)
def test_it_is_refused_when_the_body_has_another(
    api: Client, rendered: Check, body: Any, content_type: str
) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        response = api.post(f"/check/printed/?api_key=key1&check_id={rendered.pk}", body, content_type)

    assert refusal_of(response, 401) == REFUSED


def test_it_is_not_read_from_the_body_of_a_get(api: Client, rendered: Check) -> None:
    response = api.generic("GET", "/new_checks/", b'{"api_key": "key1"}', JSON)

    assert refusal_of(response, 401) == REFUSED


def test_it_may_be_a_number_in_json(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    Printer.objects.filter(pk=1).update(api_key="12345")

    answer_of(api.post("/check/printed/", {"api_key": 12345, "check_id": rendered.pk}, JSON))


@pytest.mark.parametrize("address", ["/new_checks/", "/check/?check_id=1"])
def test_it_is_no_secret_that_the_language_changes(api: Client, printers: Any, address: str) -> None:
    response = api.get(address, headers={"Accept-Language": "en"})

    assert (response.status_code, response.json()) == (401, {"error": "Authorization error"})

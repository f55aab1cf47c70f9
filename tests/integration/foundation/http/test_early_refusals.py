"""A request that is refused before its view is reached …"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import path

from forfar import urls

JSON = "application/json"
REFUSALS: list[Any] = [
    pytest.param("/new_checks/", {"HTTP_HOST": "evil.example"}, 400, "unreadable", id="wrong host"),
    pytest.param("/nowhere/", {}, 404, "not_found", id="unknown address"),
    pytest.param(
        "/create_checks/",
        {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""},
        411,
        "length_required",
        id="body without a length",
    ),
    pytest.param("/healthz", {}, 403, "permission_denied", id="POST without a CSRF token"),
    pytest.param("/broken/", {}, 500, "internal", id="our fault"),
]


def broken(request: Any) -> Any:
    raise ZeroDivisionError


broken.csrf_exempt = True  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _page_that_breaks(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("broken/", broken)])
    settings.ROOT_URLCONF = "forfar.urls"  # Django forgets what it has resolved


@pytest.mark.parametrize(("address", "sent", "status", "code"), REFUSALS)
@pytest.mark.parametrize(
    ("language", "letters"), [("", "[а-я]{4}"), ("en", "[a-z]{4}"), ("ru", "[а-я]{4}"), ("de", "[а-я]{4}")]
)
def test_it_gets_json_with_a_code_in_the_language_that_it_asks_for(
    db: None, address: str, sent: dict[str, str], status: int, code: str, language: str, letters: str
) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)

    response = client.post(address, "{}", JSON, headers={"Accept-Language": language}, **sent)

    assert response.status_code == status
    assert response.headers["Content-Type"] == JSON
    body = response.json()
    assert (set(body), body["code"]) == ({"error", "code"}, code)
    assert re.search(letters, body["error"]), body


def test_it_speaks_the_language_before_the_redirect_to_tls_too(db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"Host": "evil.example", "Accept-Language": "en"})

    response = client.get("/new_checks/")

    assert response.status_code == 400
    assert response.json() == {"error": "The request cannot be read.", "code": "unreadable"}


def test_it_is_a_page_for_people(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/admin/login/").headers["Content-Type"].startswith("text/html")
    assert client.get("/django-rq/nowhere/").headers["Content-Type"].startswith("text/html")

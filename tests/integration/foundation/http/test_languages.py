"""The language of an answer …"""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from tests.support.calls import JSON

RUSSIAN, ENGLISH = "Такого чека нет.", "There is no such check."


def _unknown_check(api: Client, **headers: str) -> Any:
    response = api.get("/check/?api_key=key1&check_id=0", headers=headers)
    assert response.status_code == 400
    return response


def test_it_is_russian_by_default(api: Client, printers: Any) -> None:
    response = _unknown_check(api)

    assert response.json()["error"] == RUSSIAN
    assert response.headers["Content-Language"] == "ru"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "sentence"),
    [
        ("en", ENGLISH),
        ("en-GB,en;q=0.5", ENGLISH),
        ("de,en;q=0.5", ENGLISH),
        ("ru-RU,ru;q=0.9,en;q=0.8", RUSSIAN),
        ("ru,en", RUSSIAN),
        ("de", RUSSIAN),
        ("uk", RUSSIAN),
        ("*", RUSSIAN),
        ("", RUSSIAN),
        (",,;q=;en=", RUSSIAN),
        ("\u00ff" * 1000, RUSSIAN),
    ],
)
def test_it_is_the_one_accepted_when_we_speak_it(
    api: Client, printers: Any, accepted: str, sentence: str
) -> None:
    assert _unknown_check(api, **{"Accept-Language": accepted}).json()["error"] == sentence


def test_it_does_not_stay_for_the_next_request(api: Client, printers: Any) -> None:
    _unknown_check(api, **{"Accept-Language": "en"})

    assert _unknown_check(api).json()["error"] == RUSSIAN


@pytest.mark.parametrize(
    ("language", "word"), [("ru", "Обязательное поле."), ("en", "This field is required.")]
)
def test_it_is_that_of_the_fields_too(api: Client, printers: Any, language: str, word: str) -> None:
    response = api.post("/create_checks/", {}, JSON, headers={"Accept-Language": language})

    assert response.json()["error"] == f"id: {word}"


def test_it_is_written_as_it_is_read(api: Client, kitchen: Check) -> None:
    for address in ("/nope/", "/check/?api_key=key1&check_id=0", "/new_checks/"):
        assert "\\u" not in api.get(address).content.decode()

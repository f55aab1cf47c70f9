"""A fault of ours …"""

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from checks import services
from checks.models import Check
from checks.services import deliver
from events.log.append import VersionConflictError
from printers import selectors as printers_selectors
from tests.support.calls import JSON, nothing_written, refusal_of


def _raising(error: Exception) -> Any:
    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize("error", [OperationalError("no route"), InterfaceError("closed")], ids=repr)
def test_it_is_503_while_the_database_is_down(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(printers_selectors, "printer_by_key", _raising(error))

    response = api.get("/new_checks/", {"api_key": "key1"})

    assert refusal_of(response, 503) == {
        "error": "Нет связи с базой данных; повторите попытку через несколько секунд.",
        "code": "unavailable",
    }
    assert response.headers["Retry-After"] == "5"


def test_it_is_503_for_an_order_too(
    api: Client, printers: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "create_checks", _raising(OperationalError("no route")))

    with nothing_written():
        response = api.post("/create_checks/", order, JSON)

    assert refusal_of(response, 503)["code"] == "unavailable"


@pytest.mark.parametrize(
    "error", [RuntimeError("s3cret"), KeyError("s3cret"), LookupError("s3cret")], ids=repr
)
def test_it_is_500_without_a_word_of_what_happened(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, settings: Any
) -> None:
    assert settings.DEBUG is False
    monkeypatch.setattr(deliver, "new_check_ids", _raising(error))

    response = api.get("/new_checks/", {"api_key": "key1"})

    assert refusal_of(response, 500) == {
        "error": "Внутренняя ошибка; она записана в журнал.",
        "code": "internal",
    }
    assert b"s3cret" not in response.content
    assert b"Error" not in response.content


def test_it_is_logged_with_its_traceback(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(deliver, "new_check_ids", _raising(RuntimeError("s3cret")))

    api.get("/new_checks/", {"api_key": "key1"})

    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is not None
    assert record.exc_info[0] is RuntimeError


def test_it_has_a_request_id_to_find_it_by(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "new_check_ids", _raising(RuntimeError()))

    assert api.get("/new_checks/", {"api_key": "key1"}).headers["X-Request-ID"]


def test_it_is_409_when_somebody_was_faster(
    api: Client, rendered: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "confirm_print", _raising(VersionConflictError()))

    response = api.post("/check/printed/", {"api_key": "key1", "check_id": rendered.pk}, JSON)

    assert refusal_of(response, 409)["code"] == "version_conflict"

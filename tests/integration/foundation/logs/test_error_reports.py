"""A report of an error to the admins …"""

import logging
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.log import AdminEmailHandler

from checks import services
from checks.services import deliver
from order_systems.services import NewToken
from tests.support.calls import JSON


@pytest.fixture(autouse=True)
def _mailed(settings: Any) -> Any:
    """Send errors by mail, with Django's own handler and HTML too."""
    settings.ADMINS = [("Olga", "olga@forfar.example")]
    handler = AdminEmailHandler(include_html=True)
    logging.getLogger("django.request").addHandler(handler)
    yield
    logging.getLogger("django.request").removeHandler(handler)


def fail(*_args: Any, **values: Any) -> Any:
    seen = str(values)
    raise RuntimeError(f"Key (api_key)=(key1) in {len(seen)} characters")


def _reported() -> str:
    """Return both mails: that of Django's default logging, and that with HTML."""
    html, plain = mail.outbox  # the logger's own handler comes before its parent's
    assert html.alternatives
    texts = [plain.subject, plain.body, html.subject, html.body, html.alternatives[0][0]]
    return "\n".join(str(text) for text in texts)


def test_it_has_no_key_of_a_printer(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(deliver, "new_check_ids", fail)

    api.get("/new_checks/?api_key=key1&x=1", headers={"Authorization": "Api-Key key1", "Cookie": "a=key1"})

    report = _reported()
    assert "RuntimeError" in report
    assert "/new_checks/" in report
    assert "key1" not in report


@pytest.mark.parametrize("body", [{"api_key": "key1"}, "api_key=key1"], ids=["JSON", "form"])
def test_it_has_no_key_of_a_body(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, body: Any
) -> None:
    monkeypatch.setattr(deliver, "confirm_print", fail)
    kind = JSON if isinstance(body, dict) else "application/x-www-form-urlencoded"

    api.post("/check/printed/?check_id=1", body, kind)

    assert "RuntimeError" in _reported()
    assert "key1" not in _reported()


def test_it_has_no_token_and_nothing_of_the_client(
    api: Client, printers: Any, order: Any, token: NewToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "create_checks", fail)

    api.post("/create_checks/", order, JSON, headers={"Authorization": f"Bearer {token.secret}"})

    report = _reported()
    assert "RuntimeError" in report
    assert not any(text in report for text in (token.secret, "Иван", "9173332222", "Ленина"))

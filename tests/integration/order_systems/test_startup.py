"""The web process …"""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.utils import timezone

from foundation.context import Actor
from foundation.tokens.services import revoke_token
from order_systems import selectors
from order_systems.models import OrderSystem, Token
from order_systems.services import NewToken
from order_systems.startup import NOBODY_GETS_IN, log_when_nobody_gets_in, require_order_systems


@pytest.fixture
def closed(settings: Any) -> None:
    settings.ORDER_API_OPEN = False


@pytest.fixture(autouse=True)
def _connection_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's transaction lives on the connection that a start lets go of."""
    monkeypatch.setattr("order_systems.startup.connection.close", lambda: None)


def test_it_does_not_start_when_no_order_system_could_get_in(db: None, closed: None) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"order_tokens create NAME.*ORDER_API_OPEN=1"):
        require_order_systems()


@pytest.mark.parametrize("change", ["revoked", "inactive"])
def test_it_does_not_start_on_a_token_that_is_no_good(token: NewToken, closed: None, change: str) -> None:
    if change == "revoked":
        revoke_token(kind=Token, token_id=token.token.pk, actor=Actor("command"), now=timezone.now())
    else:
        OrderSystem.objects.update(is_active=False)

    with pytest.raises(ImproperlyConfigured):
        require_order_systems()


def test_it_starts_with_a_token(token: NewToken, closed: None) -> None:
    require_order_systems()


def test_it_starts_where_the_network_lets_order_systems_in(db: None, settings: Any) -> None:
    settings.ORDER_API_OPEN = True

    require_order_systems()


def test_it_starts_for_a_developer(db: None, closed: None, settings: Any) -> None:
    settings.DEBUG = True

    require_order_systems()


def test_it_starts_and_says_so_when_the_database_cannot_be_asked(
    closed: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> Any:
        raise DatabaseError("no route")

    monkeypatch.setattr(selectors, "usable_tokens", refuse)

    require_order_systems()

    assert "cannot be found out: no route" in caplog.text


def test_a_worker_of_it_starts_whatever_it_finds(token: NewToken, closed: None, caplog: Any) -> None:
    log_when_nobody_gets_in()
    assert not caplog.records

    OrderSystem.objects.update(is_active=False)
    log_when_nobody_gets_in()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert NOBODY_GETS_IN in caplog.text


@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        ({"ORDER_API_OPEN": "1"}, 0, ""),
        ({"ORDER_API_OPEN": "0"}, 0, "cannot be found out"),
    ],
    ids=["open", "no database"],
)
def test_it_asks_before_it_serves(variables: dict[str, str], code: int, said: str) -> None:
    nowhere = {"DATABASE_URL": "postgres://nobody@/none?host=/nowhere", "DEBUG": "0"}
    answer = subprocess.run(
        [sys.executable, "-c", "import forfar.wsgi"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | nowhere | variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, said in answer.stderr) == (code, True)


def test_the_deployment_check_reports_that_nobody_gets_in(db: None, closed: None) -> None:
    assert [each.id for each in _messages(databases=["default"])] == ["order_systems.E001"]


def test_the_deployment_check_is_content_with_a_token(token: NewToken, closed: None) -> None:
    assert _messages(databases=["default"]) == []


def test_the_deployment_check_asks_no_database_that_was_not_named(closed: None) -> None:
    assert _messages(databases=None) == []


def _messages(databases: Any) -> list[Any]:
    found = run_checks(include_deployment_checks=True, databases=databases)
    return [each for each in found if str(each.id).startswith("order_systems.")]

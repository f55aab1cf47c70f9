"""An order system's token …"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check
from events.models import Event
from foundation.context import Actor
from foundation.tokens.services import revoke_token
from order_systems.models import OrderSystem, Token
from order_systems.services import NewToken
from tests.support.calls import JSON, answer_of, nothing_written, refusal_of

REFUSED = {"error": "Ошибка авторизации"}


@pytest.fixture(params=[False, True], ids=["closed", "open"])
def open_network(request: pytest.FixtureRequest, settings: Any) -> bool:
    settings.ORDER_API_OPEN = request.param
    return bool(request.param)


@pytest.fixture
def closed(settings: Any) -> None:
    settings.ORDER_API_OPEN = False


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def last_use() -> datetime | None:
    return Token.objects.values_list("last_used_at", flat=True).get()


def actors() -> set[str]:
    return set(Event.objects.filter(stream__order_id=123456).values_list("actor", flat=True))


def test_it_names_who_sent_the_order(
    api: Client, printers: Any, order: Any, token: NewToken, open_network: bool
) -> None:
    answer_of(api.post("/create_checks/", order, JSON, headers=bearer(token.secret)))
    answer_of(api.get("/order_checks/", {"order_id": 123456}, headers=bearer(token.secret)))

    assert actors() == {f"order_system:{token.token.order_system_id}"}
    used = last_use()
    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)


def test_it_may_be_missing_where_the_network_lets_order_systems_in(
    api: Client, printers: Any, order: Any, settings: Any
) -> None:
    settings.ORDER_API_OPEN = True

    answer_of(api.post("/create_checks/", order, JSON))
    answer_of(api.get("/order_checks/", {"order_id": 123456}, headers={"Authorization": "Basic eDp5"}))

    assert actors() == {"order_system"}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Api-Key key1"], ids=repr)
def test_it_is_needed_elsewhere(
    api: Client, created: list[Check], order: Any, token: NewToken, closed: None, header: str | None
) -> None:
    headers = {"Authorization": header} if header is not None else {}
    with nothing_written():
        posted = api.post("/create_checks/", {**order, "id": 1}, JSON, headers=headers)
        asked = api.get("/order_checks/", {"order_id": 123456}, headers=headers)

    assert refusal_of(posted, 401) == refusal_of(asked, 401) == REFUSED
    assert posted.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("change", ["wrong", "revoked", "inactive", "hash", "shown part", "printer's key"])
def test_it_is_refused_when_it_is_no_good(
    api: Client, created: list[Check], order: Any, token: NewToken, open_network: bool, change: str
) -> None:
    secret = {
        "wrong": token.secret + "x",
        "hash": bytes(token.token.secret_hash).hex(),
        "shown part": token.token.shown_part,
        "printer's key": "key1",
    }.get(change, token.secret)
    if change == "revoked":
        assert revoke_token(kind=Token, token_id=token.token.pk, actor=Actor("command"), now=timezone.now())
    if change == "inactive":
        OrderSystem.objects.update(is_active=False)

    with nothing_written():
        posted = api.post("/create_checks/", {**order, "id": 1}, JSON, headers=bearer(secret))
        asked = api.get("/order_checks/", {"order_id": 123456}, headers=bearer(secret))

    assert refusal_of(posted, 401) == refusal_of(asked, 401) == REFUSED
    assert last_use() is None


def test_it_is_refused_before_the_body_is_read(api: Client, printers: Any, closed: None) -> None:
    assert refusal_of(api.post("/create_checks/", "{", JSON), 401) == REFUSED


def test_it_opens_no_printers_call(api: Client, printers: Any, token: NewToken) -> None:
    assert refusal_of(api.get("/new_checks/", headers=bearer(token.secret)), 401) == REFUSED


def test_its_use_is_noted_once_a_minute(
    api: Client, created: list[Check], token: NewToken, closed: None, django_assert_num_queries: Any
) -> None:
    ask = {"path": "/order_checks/", "data": {"order_id": 123456}, "headers": bearer(token.secret)}
    with django_assert_num_queries(3):  # the token, its use, the checks
        api.get(**ask)
    first = last_use()

    with django_assert_num_queries(2):
        api.get(**ask)
    assert last_use() == first

    Token.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    api.get(**ask)
    assert last_use() > first  # type: ignore[operator]


def test_it_costs_nothing_where_there_is_none(
    api: Client, created: list[Check], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        answer_of(api.get("/order_checks/", {"order_id": 123456}))

"""The admin of order systems …"""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.test import Client

from order_systems import selectors
from order_systems.models import OrderSystem, Token
from order_systems.services import NewToken

TOKENS = "/admin/order_systems/token/"


def test_it_makes_one_and_a_token_that_is_shown_once(staff_client: Client, admin_user: Any) -> None:
    assert staff_client.post("/admin/order_systems/ordersystem/add/", {"name": "Сайт", "is_active": "on"})
    order_system = OrderSystem.objects.get(name="Сайт")

    response = staff_client.post(f"{TOKENS}add/", {"order_system": order_system.pk})

    secret = response.context["secret"]
    token = selectors.token_by_secret(secret)
    assert token is not None
    assert token.history.get().history_user == admin_user
    assert secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert secret not in str(response.cookies)
    assert secret not in "".join(str(each.get_decoded()) for each in Session.objects.all())
    assert secret not in "".join(str(vars(each)) for each in LogEntry.objects.all())
    for page in (TOKENS, f"{TOKENS}{token.pk}/change/", f"{TOKENS}{token.pk}/history/", "/admin/"):
        shown = staff_client.get(page)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()


def test_it_revokes_tokens(staff_client: Client, token: NewToken) -> None:
    form = {"action": "revoke", "_selected_action": [token.token.pk]}

    response = staff_client.post(TOKENS, form, follow=True)

    assert "Отозвано: 1" in response.content.decode()
    assert selectors.token_by_secret(token.secret) is None
    assert "Отозвано: 0" in staff_client.post(TOKENS, form, follow=True).content.decode()


@pytest.mark.parametrize("page", ["order_systems/token", "order_systems/ordersystem"])
def test_it_deletes_nothing(staff_client: Client, token: NewToken, page: str) -> None:
    assert staff_client.post(f"/admin/{page}/1/delete/", {"post": "yes"}).status_code in {302, 403}

    assert Token.objects.exists()


def test_it_changes_no_token(staff_client: Client, token: NewToken) -> None:
    address = f"{TOKENS}{token.token.pk}/change/"

    assert staff_client.post(address, {"order_system": token.token.order_system_id}).status_code == 403


def test_it_lets_nobody_revoke_who_may_only_look(
    client: Client, token: NewToken, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_token"))
    client.force_login(user)

    client.post(TOKENS, {"action": "revoke", "_selected_action": [token.token.pk]})

    assert selectors.token_by_secret(token.secret) is not None
    assert client.post(f"{TOKENS}add/", {"order_system": token.token.order_system_id}).status_code == 403

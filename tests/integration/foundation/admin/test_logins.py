"""A login to the admin …"""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

LOGIN = "/admin/login/?next=/admin/"
PASSWORD = "right-horse"


@pytest.fixture(autouse=True)
def _people(django_user_model: Any, db: None) -> None:
    for name in ("olga", "ivan"):
        django_user_model.objects.create_user(name, password=PASSWORD, is_staff=True)


def attempt(name: str, password: str, address: str = "198.51.100.7", **headers: str) -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post(LOGIN, {"username": name, "password": password}, headers=headers)


def fail_often(name: str, times: int = 5, **where: str) -> Any:
    for _ in range(times):
        response = attempt(name, "wrong", **where)
    return response


def test_it_is_let_in() -> None:
    assert attempt("olga", PASSWORD).status_code == 302


def test_it_is_refused_with_a_page_after_five_wrong_passwords_even_with_the_right_one() -> None:
    assert fail_often("olga", times=4).status_code == 200
    assert fail_often("olga", times=1).status_code == 429

    response = attempt("olga", PASSWORD)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert "Слишком много неудачных попыток входа" in response.content.decode()
    assert "через 15 мин" in response.content.decode()


def test_it_is_refused_in_english_too() -> None:
    fail_often("olga")

    response = attempt("olga", PASSWORD, **{"Accept-Language": "en"})

    assert "Try again in 15 min" in response.content.decode()


def test_it_is_open_to_others_at_the_same_address_and_to_the_same_from_elsewhere() -> None:
    fail_often("olga")

    assert attempt("ivan", PASSWORD).status_code == 302
    assert attempt("olga", PASSWORD, address="198.51.100.8").status_code == 302


def test_it_is_let_in_again_after_a_while() -> None:
    fail_often("olga")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert attempt("olga", PASSWORD).status_code == 302


def test_it_is_let_in_again_by_an_operator() -> None:
    fail_often("olga")
    call_command("axes_reset_username", "olga", verbosity=0)

    assert attempt("olga", PASSWORD).status_code == 302


def test_it_forgets_typing_errors_once_it_succeeds() -> None:
    fail_often("olga", times=4)
    attempt("olga", PASSWORD)

    assert fail_often("olga", times=4).status_code == 200


def test_it_is_told_by_the_address_behind_the_proxy(settings: Any) -> None:
    """The last one, which the proxy put there; what comes before anybody can send."""
    settings.NUM_PROXIES = 1
    for number in range(5):
        sent = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.5"}
        attempt("olga", "wrong", address="127.0.0.1", **sent)

    at_home = {"X-Forwarded-For": "203.0.113.6"}
    assert attempt("olga", PASSWORD, address="127.0.0.1", **at_home).status_code == 302
    fooling = {"X-Forwarded-For": "203.0.113.6, 203.0.113.5"}
    assert attempt("olga", PASSWORD, address="127.0.0.1", **fooling).status_code == 429


def test_it_leaves_no_password_behind() -> None:
    attempt("olga", "hunter2-wrong")

    kept = AccessAttempt.objects.values().get()
    assert "hunter2" not in str(kept)


def test_its_session_is_renewed_while_it_is_used_and_not_at_every_click(settings: Any) -> None:
    client = Client()
    client.post(LOGIN, {"username": "olga", "password": PASSWORD})

    def expiry() -> Any:
        return Session.objects.get().expire_date

    first = expiry()
    assert timedelta(hours=11) < first - timezone.now() <= timedelta(hours=12)

    client.get("/admin/")
    assert expiry() == first

    session = client.session
    session["renewed"] -= settings.SESSION_COOKIE_AGE // 10 + 1
    session.save()
    before = expiry()
    response = client.get("/admin/")
    assert expiry() > before
    assert response.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_its_cookies_are_for_the_browser_alone() -> None:
    response = attempt("olga", PASSWORD)

    for name in ("sessionid", "csrftoken"):
        assert response.cookies[name]["httponly"]
        assert response.cookies[name]["samesite"] == "Lax"

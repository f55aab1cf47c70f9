"""The admin of tokens to read events …"""

from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client

from events.api import tokens
from events.api.tokens import NewReaderToken
from events.models import ReaderToken

PAGE = "/admin/events/readertoken/"


def test_it_makes_a_token_that_is_shown_once(admin_client: Client, admin_user: Any) -> None:
    response = admin_client.post(f"{PAGE}add/", {"name": "Хранилище"})

    secret = response.context["secret"]
    token = tokens.token_by_secret(secret)
    assert token is not None
    assert (token.name, token.shown_part) == ("Хранилище", secret[:10])
    assert token.history.get().history_user == admin_user
    assert secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert secret not in "".join(str(each.get_decoded()) for each in Session.objects.all())
    for page in (PAGE, f"{PAGE}{token.pk}/change/", f"{PAGE}{token.pk}/history/"):
        shown = admin_client.get(page)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()


def test_it_revokes_tokens_and_deletes_none(admin_client: Client, reader: NewReaderToken) -> None:
    form = {"action": "revoke", "_selected_action": [reader.token.pk]}

    response = admin_client.post(PAGE, form, follow=True)

    assert "Отозвано: 1" in response.content.decode()
    assert tokens.token_by_secret(reader.secret) is None
    assert "Отозвано: 0" in admin_client.post(PAGE, form, follow=True).content.decode()
    assert admin_client.post(f"{PAGE}{reader.token.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ReaderToken.objects.count() == 1


def test_it_notes_the_use_to_the_minute(ask: Any, reader: NewReaderToken) -> None:
    assert ask().status_code == 200

    token = ReaderToken.objects.get()
    first = token.last_used_at
    assert first is not None
    assert ask().status_code == 200
    assert ReaderToken.objects.values_list("last_used_at", flat=True).get() == first


def test_its_list_takes_no_conditions_from_the_address(admin_client: Client, reader: NewReaderToken) -> None:
    """Neither on what the pages hide nor with values that the database refuses."""
    for query in ({"secret_hash__startswith": "a"}, {"revoked_at": "2026-01-01T00:00+16:00"}):
        assert admin_client.get(PAGE, query).status_code == 400

    for ticked in ("\0", "x", "9" * 30):
        form = {"action": "revoke", "_selected_action": [ticked]}
        assert admin_client.post(PAGE, form).status_code == 302

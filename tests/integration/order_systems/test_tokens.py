"""A token …"""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.context import Actor
from foundation.tokens import services as token_services
from order_systems import selectors, services
from order_systems.models import OrderSystem, Token
from order_systems.services import NewToken
from tests.conftest import NOW
from tests.support.helpers import in_threads

COMMAND = Actor("command")


def test_it_is_kept_as_a_hash(token: NewToken) -> None:
    kept = Token.objects.get()
    record = kept.history.get()

    assert len(token.secret) == len("ffo_") + 43
    assert kept.shown_part == token.secret[:10]
    columns = [*vars(kept).values(), *vars(record).values()]
    assert not any(token.secret in str(value) for value in columns)
    assert not any(bytes(kept.secret_hash) == value for value in vars(record).values())
    assert record.history_change_reason == "created"


def test_it_is_another_each_time(token: NewToken) -> None:
    order_system = token.token.order_system

    others = [services.create_token(order_system=order_system, actor=COMMAND, now=NOW) for _ in range(3)]

    assert len({token.secret, *(each.secret for each in others)}) == 4


def test_it_is_found_by_its_secret_alone(token: NewToken) -> None:
    assert selectors.token_by_secret(token.secret) == token.token
    assert selectors.token_by_secret(token.secret.upper()) is None
    assert selectors.token_by_secret("") is None
    assert selectors.token_by_secret("\0\ud800") is None


def test_it_is_revoked_once_and_for_all(token: NewToken, staff: Actor) -> None:
    assert token_services.revoke_token(kind=Token, token_id=token.token.pk, actor=staff, now=NOW)
    assert not token_services.revoke_token(kind=Token, token_id=token.token.pk, actor=staff, now=NOW)

    assert selectors.token_by_secret(token.secret) is None
    latest = Token.objects.get().history.latest()
    assert (latest.history_change_reason, latest.history_user_id, latest.revoked_at) == (
        "revoked",
        int(staff.name),
        NOW,
    )
    assert Token.objects.get().history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_its_use_is_written_once_by_many_at_once(token: NewToken, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    update = Token.objects.all().__class__.update
    monkeypatch.setattr(
        Token.objects.all().__class__,
        "update",
        lambda rows, **values: written.append(update(rows, **values)),
    )

    in_threads(10, lambda _number: token_services.note_use(token=token.token, now=NOW))

    assert sorted(written) == [0] * 9 + [1]


def test_it_is_made_listed_and_revoked_by_commands(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("order_tokens", "create", "Сайт")
    made = capsys.readouterr()
    secret = made.out.strip()
    token = selectors.token_by_secret(secret)
    assert token is not None
    assert token.order_system.name == "Сайт"
    assert secret not in made.err

    call_command("order_tokens", "create", "Сайт")
    second = capsys.readouterr().out.strip()
    assert OrderSystem.objects.count() == 1

    call_command("order_tokens", "revoke", str(token.pk))
    call_command("order_tokens", "list")
    listed = capsys.readouterr().out
    assert secret not in listed
    assert second not in listed
    first_line, second_line = listed.splitlines()[-2:]
    assert "revoked" in first_line
    assert f"{second[:10]}…  Сайт" in second_line
    assert second_line.endswith("never used  valid")
    assert selectors.token_by_secret(secret) is None


@pytest.mark.parametrize("token_id", ["999", "0"])
def test_it_has_to_be_there_to_be_revoked(db: None, token_id: str) -> None:
    with pytest.raises(CommandError, match=token_id):
        call_command("order_tokens", "revoke", token_id)


def test_it_says_when_its_order_system_is_not_active(
    token: NewToken, capsys: pytest.CaptureFixture[str]
) -> None:
    OrderSystem.objects.update(is_active=False)

    call_command("order_tokens", "create", "Сайт")
    call_command("order_tokens", "list")

    said: Any = capsys.readouterr()
    assert "not active" in said.err
    assert said.out.count("not active") == 2

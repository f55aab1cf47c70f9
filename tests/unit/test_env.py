"""Reading a setting …"""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from forfar import env


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (lambda: env.flag("X", False), "maybe"),
        (lambda: env.number("X", 1), "many"),
        (lambda: env.number("X", 1), "1.5"),
        (lambda: env.number("X", 1, at_least=1), "0"),
        (lambda: env.database("X", ""), "mysql://localhost/x"),
        (lambda: env.database("X", ""), "nonsense"),
        (lambda: env.required_text("X"), ""),
    ],
)
def test_it_stops_with_a_sentence_that_names_a_wrong_one(
    monkeypatch: pytest.MonkeyPatch, reader: Any, value: str
) -> None:
    monkeypatch.setenv("X", value)

    with pytest.raises(ImproperlyConfigured, match="The setting X "):
        reader()


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_it_reads_a_flag(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("X", value)

    assert env.flag("X", not expected) is expected


def test_it_reads_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "a.example, b.example,")

    assert env.words("X", []) == ["a.example", "b.example"]


def test_it_reads_the_address_of_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://me:secret@db.example:5433/checks")

    assert env.database("X", "")["NAME"] == "checks"
    assert env.database("X", "")["PORT"] == 5433


def test_it_reads_where_the_socket_of_a_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://me@/checks?host=/run/a&port=5433&application_name=b")

    read = env.database("X", "")

    assert (read["HOST"], str(read["PORT"]), read["OPTIONS"]) == ("/run/a", "5433", {"application_name": "b"})


@pytest.mark.parametrize("name", ["text", "number", "flag", "words"])
def test_it_takes_the_default_when_nothing_is_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("X", raising=False)
    defaults: dict[str, Any] = {"text": "t", "number": 7, "flag": True, "words": ["w"]}

    assert getattr(env, name)("X", defaults[name]) == defaults[name]


def test_it_reads_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "10.0.0.0/8, fc00::/7")
    assert [str(network) for network in env.networks("X", [])] == ["10.0.0.0/8", "fc00::/7"]

    monkeypatch.setenv("X", "10.0.0.1/8")
    with pytest.raises(ImproperlyConfigured, match="The setting X must be networks"):
        env.networks("X", [])

"""Reading a setting …"""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from environs import EnvError

from forfar.env import env


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (lambda: env.bool("X", False), "maybe"),
        (lambda: env.bool("X", False), ""),
        (lambda: env.number("X", 1), "many"),
        (lambda: env.number("X", 1), "1.5"),
        (lambda: env.number("X", 1), ""),
        (lambda: env.number("X", 1), "-1"),
        (lambda: env.number("X", 1, at_least=1), "0"),
        (lambda: env.database("X", ""), "mysql://localhost/x"),
        (lambda: env.database("X", ""), "nonsense"),
        (lambda: env.database("X", "postgres://localhost/x"), ""),
        (lambda: env.required("X"), ""),
        (lambda: env.choice("X", "JSON", ["JSON", "LINE"]), "xml"),
        (lambda: env.address("X", "", ["http://", "https://"]), "ftp://pdf.example"),
        (lambda: env.address("X", "redis://here/0", ["redis://"]), ""),
        (lambda: env.time_zone("X", "Europe/Moscow"), "Europe/Muscovy"),
        (lambda: env.time_zone("X", "Europe/Moscow"), "../../etc/passwd"),
        (lambda: env.networks("X"), "10.0.0.1/8"),
    ],
)
def test_it_stops_with_a_sentence_that_names_a_wrong_one(
    monkeypatch: pytest.MonkeyPatch, reader: Any, value: str
) -> None:
    monkeypatch.setenv("X", value)

    with pytest.raises(EnvError, match=r'^Environment variable "X" invalid: '):
        reader()


def test_it_stops_with_a_sentence_that_names_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X", raising=False)

    with pytest.raises(EnvError, match='Environment variable "X" not set'):
        env.required("X")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_it_reads_a_flag(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("X", value)

    assert env.bool("X", not expected) is expected


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


@pytest.mark.parametrize("name", ["str", "number", "bool", "words"])
def test_it_takes_the_default_when_nothing_is_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("X", raising=False)
    defaults: dict[str, Any] = {"str": "t", "number": 7, "bool": True, "words": ["w"]}

    assert getattr(env, name)("X", defaults[name]) == defaults[name]


def test_it_reads_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "10.0.0.0/8, fc00::/7")

    assert [str(network) for network in env.networks("X")] == ["10.0.0.0/8", "fc00::/7"]


@pytest.mark.parametrize("value", ["line", "LINE"])
def test_it_reads_a_word_in_either_case(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)

    assert env.choice("X", "JSON", ["JSON", "LINE"]) == "LINE"


def test_it_reads_an_address_that_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "")

    assert env.address("X", "", ["http://"]) == ""


def test_a_wrong_one_ends_a_command_with_one_line() -> None:
    environment = {**os.environ, "SECRET_KEY": "x" * 50, "LEASE_SECONDS": "0"}

    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)

    assert done.returncode == 1
    assert "LEASE_SECONDS" in done.stderr
    assert len(done.stderr.splitlines()) == 1

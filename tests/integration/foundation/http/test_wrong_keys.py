"""Wrong keys from one address …"""

from typing import Any

import pytest
from django.test import Client
from redis.exceptions import RedisError

from checks.models import Check
from foundation.http import wrong_keys
from foundation.per_process import PerProcess
from order_systems.services import NewToken
from printers import selectors as printers_selectors
from printers.models import Printer
from tests.support.calls import answer_of, nothing_written, refusal_of

ADDRESS = "192.0.2.1"
TOO_MANY = {
    "error": "С этого адреса пришло слишком много неверных ключей; повторите попытку позже.",
    "code": "too_many_wrong_keys",
}


def poll(api: Client, key: str, address: str = ADDRESS, **headers: str) -> Any:
    return api.get("/new_checks/", {"api_key": key}, REMOTE_ADDR=address, headers=headers)


def try_keys(api: Client, count: int, address: str = ADDRESS) -> None:
    for number in range(count):
        assert poll(api, f"wrong {number}", address).status_code == 401


def as_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_keys, "_known", PerProcess(wrong_keys.Known))


def test_they_are_too_many_from_the_twenty_first_on(api: Client, printers: Any, redis: Any) -> None:
    try_keys(api, 20)

    with nothing_written():
        response = poll(api, "one more")

    assert refusal_of(response, 429) == TOO_MANY
    assert 1 <= int(response.headers["Retry-After"]) <= 600


def test_they_close_the_door_for_the_right_key_too(api: Client, rendered: Check, redis: Any) -> None:
    try_keys(api, 20)
    assert answer_of(poll(api, "key1")) == {"checks": [{"id": rendered.pk}]}

    assert poll(api, "one more").status_code == 429

    assert refusal_of(poll(api, "key1"), 429) == TOO_MANY
    assert answer_of(poll(api, "key1", "192.0.2.2")) == {"checks": [{"id": rendered.pk}]}


def test_one_of_them_repeated_for_ever_locks_nobody_out(api: Client, printers: Any, redis: Any) -> None:
    for _ in range(100):
        assert poll(api, "misspelt").status_code == 401

    answer_of(poll(api, "key1"))
    try_keys(api, 19)


def test_they_are_counted_in_all_processes_together(
    api: Client, printers: Any, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        as_another_process(monkeypatch)
        assert poll(api, f"wrong {number}").status_code == 401
    as_another_process(monkeypatch)
    assert poll(api, "one more").status_code == 429

    as_another_process(monkeypatch)
    answer_of(poll(api, "key1"))  # this one does not know yet
    assert poll(api, "wrong 0").status_code == 429
    assert poll(api, "key1").status_code == 429


def test_they_are_forgotten_when_the_window_ends(
    api: Client, printers: Any, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_keys(api, 20)
    assert poll(api, "one more").status_code == 429
    (name,) = redis.keys("forfar:wrong-keys:*")
    assert 590 < redis.ttl(name) <= 600
    assert redis.scard(name) == 21

    redis.delete(name)  # as it does by itself
    later = wrong_keys.monotonic() + 601
    monkeypatch.setattr(wrong_keys, "monotonic", lambda: later)

    answer_of(poll(api, "key1"))
    assert poll(api, "one more").status_code == 401


def test_they_are_counted_for_tokens_too(
    api: Client, created: list[Check], token: NewToken, redis: Any
) -> None:
    def ask(secret: str) -> Any:
        headers = {"Authorization": f"Bearer {secret}"}
        return api.get("/order_checks/", {"order_id": 123456}, REMOTE_ADDR=ADDRESS, headers=headers)

    try_keys(api, 10)
    for number in range(10):
        assert ask(f"ffo_{number}").status_code == 401
    answer_of(ask(token.secret))

    assert refusal_of(ask("ffo_x"), 429) == TOO_MANY
    assert refusal_of(ask(token.secret), 429) == TOO_MANY
    assert poll(api, "key1").status_code == 429


def test_a_request_without_a_key_is_none_of_them(api: Client, printers: Any, redis: Any) -> None:
    for _ in range(30):
        assert api.get("/new_checks/", REMOTE_ADDR=ADDRESS).status_code == 401

    assert redis.keys("forfar:wrong-keys:*") == []


@pytest.mark.parametrize(
    ("proxies", "status"),
    [(0, 429), (1, 401), (2, 429)],
    ids=["the header is anybody's", "the last is the client", "the last but one is the same"],
)
def test_they_count_by_the_address_that_our_proxies_vouch_for(
    api: Client, printers: Any, redis: Any, settings: Any, proxies: int, status: int
) -> None:
    settings.NUM_PROXIES = proxies
    for number in range(20):
        poll(api, f"wrong {number}", **{"X-Forwarded-For": f"10.0.0.9, 198.51.100.{number}"})

    response = poll(api, "one more", **{"X-Forwarded-For": "10.0.0.9, 198.51.100.99"})

    assert response.status_code == status


def test_none_is_counted_while_redis_is_down(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    def refuse(*_args: Any) -> Any:
        asked.append(1)
        raise RedisError("down")

    monkeypatch.setattr(wrong_keys, "_ask_redis", refuse)

    try_keys(api, 30)

    answer_of(poll(api, "key1"))
    assert len(asked) == 1  # and then left alone for a while
    assert [record.message for record in caplog.records if record.name == "foundation.http.wrong_keys"] == [
        "Wrong keys are not counted, because Redis does not answer: down"
    ]


def test_a_right_key_costs_one_look_up_and_no_redis(
    api: Client, printers: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(wrong_keys, "_ask_redis", None)
    wrong_keys._known().refused_until["198.51.100.1"] = wrong_keys.monotonic() + 60

    with django_assert_num_queries(2):  # the printer, its checks
        answer_of(poll(api, "key1"))


def test_redis_does_not_learn_them(api: Client, printers: Any, redis: Any) -> None:
    poll(api, "a-key-of-somebody")

    (name,) = redis.keys("*")
    kept = name + b" ".join(redis.smembers(name))
    assert b"a-key-of-somebody" not in kept
    assert ADDRESS.encode() not in kept


def test_it_is_another_key_when_only_the_database_takes_it_for_the_same(
    api: Client, printers: dict[str, Printer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collation that ignores case would find a printer for KEY1."""
    monkeypatch.setattr(printers_selectors, "printer_by_key", lambda _key: printers["key1"])

    assert poll(api, "KEY1").status_code == 401
    assert poll(api, "key1").status_code == 200


def test_it_remembers_no_more_addresses_than_it_has_room_for(
    api: Client, printers: Any, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrong_keys, "MAX_REFUSED", 2)
    monkeypatch.setattr(wrong_keys, "MAX_WRONG_KEYS", 0)

    for number in range(5):
        assert poll(api, "wrong", f"192.0.2.{number}").status_code == 429

    assert len(wrong_keys._known().refused_until) <= 2

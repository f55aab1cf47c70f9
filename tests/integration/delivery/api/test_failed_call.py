"""POST /check/failed/ …"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from tests.conftest import NOW
from tests.support.calls import (
    FORM,
    JSON,
    answer_of,
    download,
    listed,
    log_of,
    nothing_written,
    refusal_of,
)
from tests.support.helpers import expire_leases, types_of

DONE = {"ok": "Сбой записан"}


def report(api: Client, api_key: str, check_id: object, reason: object = "Нет бумаги") -> Any:
    return api.post("/check/failed/", {"api_key": api_key, "check_id": check_id, "reason": reason}, JSON)


def test_it_records_the_failure(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    response = report(api, "key1", rendered.pk)

    assert answer_of(response) == DONE
    rendered.refresh_from_db()
    assert (rendered.status, rendered.version, rendered.lease_expires_at) == ("failed", 4, None)
    assert types_of(rendered) == ["created", "rendered", "downloaded", "failed"]
    data = {"stage": "print", "reason": "Нет бумаги", "permanent": False}
    assert log_of(rendered)[-1] == ("failed", "printer:1", data)
    assert listed(api, "key1") == []


def test_it_answers_a_repeat_and_records_nothing(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    report(api, "key1", rendered.pk)

    with nothing_written():
        assert answer_of(report(api, "key1", rendered.pk, "Ещё раз")) == DONE


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"data": "reason=%D0%9D%D0%B5%D1%82&api_key=key1&check_id={id}"}, id="form"),
        pytest.param(
            {"data": "reason=%D0%9D%D0%B5%D1%82", "query": "api_key=key1&check_id={id}"}, id="mixed"
        ),
        pytest.param(
            {"data": "", "query": "reason=%D0%9D%D0%B5%D1%82&api_key=key1&check_id={id}"}, id="query"
        ),
    ],
)
def test_it_takes_its_parameters_from_wherever_they_are(
    api: Client, rendered: Check, sent: dict[str, str]
) -> None:
    download(api, "key1", rendered)
    address = "/check/failed/?" + sent.get("query", "").format(id=rendered.pk)

    answer_of(api.post(address, sent["data"].format(id=rendered.pk), FORM))

    assert log_of(rendered)[-1][2]["reason"] == "Нет"


@pytest.mark.parametrize("reason", ["x", "ы" * 500, "<b>{{ x }}</b> 🧻", "%(status)s"])
def test_it_keeps_the_reason_as_it_is(api: Client, rendered: Check, reason: str) -> None:
    download(api, "key1", rendered)

    answer_of(report(api, "key1", rendered.pk, reason))

    assert log_of(rendered)[-1][2]["reason"] == reason


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("", id="empty"),
        pytest.param("   ", id="blank"),
        pytest.param(None, id="null"),
        pytest.param(["x"], id="list"),
        pytest.param({"x": 1}, id="object"),
        pytest.param(True, id="boolean"),
        pytest.param("x" * 501, id="too long"),
    ],
)
def test_it_refuses_a_wrong_reason(api: Client, rendered: Check, reason: object) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        body = refusal_of(report(api, "key1", rendered.pk, reason), 400)

    assert body["error"].startswith("reason: ")
    assert list(body["details"]) == ["reason"]


@pytest.mark.parametrize("reason", ["reason=%00", "reason=a%00b", "reason=", ""])
def test_it_refuses_a_wrong_reason_in_a_form(api: Client, rendered: Check, reason: str) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        response = api.post(f"/check/failed/?api_key=key1&check_id={rendered.pk}", reason, FORM)

    assert refusal_of(response, 400)["code"] == "invalid"


def test_it_refuses_a_check_that_was_never_downloaded(api: Client, rendered: Check) -> None:
    with nothing_written():
        body = refusal_of(report(api, "key1", rendered.pk), 400)

    assert body == {"error": "Этот принтер не скачивал чек.", "code": "never_downloaded"}


def test_it_refuses_a_printed_check(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    services.confirm_print(printer=rendered.printer, check_id=rendered.pk, now=NOW)

    with nothing_written():
        body = refusal_of(report(api, "key1", rendered.pk), 400)

    assert body["code"] == "transition_refused"


def test_it_refuses_a_check_that_was_given_up(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    expire_leases(now=timezone.now() + timedelta(seconds=121))

    with nothing_written():
        refusal_of(report(api, "key1", rendered.pk), 400)


def test_it_answers_for_another_printers_check_as_for_an_unknown_one(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        anothers, unknown = report(api, "key2", rendered.pk), report(api, "key2", 987654321)

    assert refusal_of(anothers, 400) == refusal_of(unknown, 400)
    assert anothers.json() == {"error": "Такого чека нет.", "code": "check_not_found"}


def test_it_refuses_without_a_key(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        response = api.post("/check/failed/", {"check_id": rendered.pk, "reason": "x"}, JSON)

    assert refusal_of(response, 401) == {"error": "Ошибка авторизации"}

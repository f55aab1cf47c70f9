"""POST /check/printed/ …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.calls import (
    FORM,
    JSON,
    answer_of,
    download,
    log_of,
    nothing_written,
    refusal_of,
)
from tests.support.helpers import expire_leases, types_of

DONE = {"ok": "Чек отмечен как напечатанный"}
LEASE = timedelta(seconds=120)


def confirm(api: Client, api_key: str, check_id: object) -> Any:
    return api.post("/check/printed/", {"api_key": api_key, "check_id": check_id}, JSON)


def test_it_marks_the_check_as_printed(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    response = confirm(api, "key1", rendered.pk)

    assert answer_of(response) == DONE
    rendered.refresh_from_db()
    assert (rendered.status, rendered.version, rendered.lease_expires_at) == ("printed", 4, None)
    assert types_of(rendered) == ["created", "rendered", "downloaded", "printed"]
    assert log_of(rendered)[-1] == ("printed", "printer:1", {"how": "confirmed"})


@pytest.mark.parametrize("api_key", ["key1", "key4", "key6"], ids=["confirm", "resend", "download"])
def test_it_answers_a_repeat_and_records_nothing(
    api: Client, rendered_for: Callable[..., Check], api_key: str
) -> None:
    check = rendered_for(api_key)
    download(api, api_key, check)
    confirm(api, api_key, check.pk)

    with nothing_written():
        assert answer_of(confirm(api, api_key, check.pk)) == DONE

    assert types_of(check) == ["created", "rendered", "downloaded", "printed"]


def test_it_takes_a_confirmation_between_the_lease_and_the_sweep(api: Client, rendered: Check) -> None:
    services.download_check(
        printer=rendered.printer, check_id=rendered.pk, now=timezone.now() - LEASE - timedelta(seconds=1)
    )

    answer_of(confirm(api, "key1", rendered.pk))

    assert log_of(rendered)[-1] == ("printed", "printer:1", {"how": "late"})


def test_it_takes_a_confirmation_after_the_check_was_given_up(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    expire_leases(now=timezone.now() + LEASE + timedelta(seconds=1))

    answer_of(confirm(api, "key1", rendered.pk))

    rendered.refresh_from_db()
    assert rendered.status == "printed"
    assert log_of(rendered)[-2:] == [
        ("failed", "sweeper", {"stage": "delivery", "reason": "unconfirmed", "permanent": False}),
        ("printed", "printer:1", {"how": "late"}),
    ]


def test_it_takes_a_confirmation_after_the_check_was_offered_again(
    api: Client, rendered_for: Callable[..., Check]
) -> None:
    check = rendered_for("key4")
    download(api, "key4", check)
    expire_leases(now=timezone.now() + LEASE + timedelta(seconds=1))

    answer_of(confirm(api, "key4", check.pk))

    assert log_of(check)[-2:] == [("released", "sweeper", {}), ("printed", "printer:4", {"how": "late"})]


@pytest.mark.parametrize("content_type", [JSON, FORM, "multipart/form-data"])
def test_it_takes_its_parameters_from_any_body(api: Client, rendered: Check, content_type: str) -> None:
    download(api, "key1", rendered)
    bodies: dict[str, dict[str, Any]] = {
        JSON: {"data": {"api_key": "key1", "check_id": rendered.pk}, "content_type": JSON},
        FORM: {"data": f"api_key=key1&check_id={rendered.pk}", "content_type": FORM},
        "multipart/form-data": {"data": {"api_key": "key1", "check_id": rendered.pk}},
    }

    assert answer_of(api.post("/check/printed/", **bodies[content_type])) == DONE


@pytest.mark.parametrize("content_type", [JSON, FORM, ""])
def test_it_takes_its_parameters_from_the_query(api: Client, rendered: Check, content_type: str) -> None:
    download(api, "key1", rendered)
    address = f"/check/printed/?api_key=key1&check_id={rendered.pk}"

    assert answer_of(api.generic("POST", address, b"", content_type)) == DONE


def test_it_takes_the_id_as_text(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    assert answer_of(confirm(api, "key1", str(rendered.pk))) == DONE


def test_it_takes_the_same_id_from_query_and_body(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    address = f"/check/printed/?check_id={rendered.pk}"

    assert answer_of(api.post(address, {"api_key": "key1", "check_id": rendered.pk}, JSON)) == DONE


def test_it_refuses_two_different_ids(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    address = f"/check/printed/?check_id={rendered.pk + 1}"

    with nothing_written():
        refusal_of(api.post(address, {"api_key": "key1", "check_id": rendered.pk}, JSON), 400)


def test_it_refuses_a_check_that_was_never_downloaded(api: Client, rendered: Check) -> None:
    with nothing_written():
        body = refusal_of(confirm(api, "key1", rendered.pk), 400)

    assert body == {"error": "Этот принтер не скачивал чек.", "code": "never_downloaded"}


def test_it_refuses_a_reprint_that_was_not_downloaded_again(
    api: Client, rendered: Check, staff: Actor
) -> None:
    download(api, "key1", rendered)
    confirm(api, "key1", rendered.pk)
    services.reprint_check(check_id=rendered.pk, reason="torn", actor=staff, now=NOW)

    with nothing_written():
        body = refusal_of(confirm(api, "key1", rendered.pk), 400)

    assert body["code"] == "never_downloaded"


def test_it_refuses_a_check_whose_printing_failed(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    services.report_failure(printer=rendered.printer, check_id=rendered.pk, reason="paper", now=NOW)

    with nothing_written():
        body = refusal_of(confirm(api, "key1", rendered.pk), 400)

    assert body["code"] == "transition_refused"


def test_it_answers_for_another_printers_check_as_for_an_unknown_one(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        anothers, unknown = confirm(api, "key2", rendered.pk), confirm(api, "key2", 987654321)

    assert refusal_of(anothers, 400) == refusal_of(unknown, 400)
    assert anothers.json() == {"error": "Такого чека нет.", "code": "check_not_found"}


def test_it_refuses_without_a_key(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)

    with nothing_written():
        body = refusal_of(api.post("/check/printed/", {"check_id": rendered.pk}, JSON), 401)

    assert body == {"error": "Ошибка авторизации"}

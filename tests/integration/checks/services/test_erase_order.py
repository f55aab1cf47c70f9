"""Erasing an order …"""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from checks import services
from checks.domain.refusals import ErasedError, TransitionRefusedError
from checks.integrity.verification import verify
from checks.jobs.render import render as run_render
from checks.jobs.sweep import sweep
from checks.models import Check, CheckNotFoundError, ErasedFile
from checks.services import OrderOpenError, deliver
from events.models import Event
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.calls import nothing_written, refusal_of
from tests.support.fakes import SMALL_PDF, FakeRenderer
from tests.support.helpers import (
    another_connection,
    in_threads,
    record_render,
    somebody_waits,
    types_of,
    within,
)

KITCHEN, CLIENT = "pdf/123456_kitchen.pdf", "pdf/123456_client.pdf"
PERSONAL = ["Иван", "9173332222", "Ленина"]


@pytest.fixture
def closed(created: list[Check], staff: Actor) -> list[Check]:
    """The example order's two checks, on paper."""
    return close(created, staff)


def close(checks: list[Check], staff: Actor) -> list[Check]:
    for check_type in ("kitchen", "client"):
        record_render(check_type, now=NOW, order_id=checks[0].order_id)
    return [services.mark_printed(check_id=check.pk, actor=staff, now=NOW) for check in checks]


@pytest.fixture
def erase(staff: Actor, django_capture_on_commit_callbacks: Any) -> Callable[[], list[Check]]:
    def run() -> list[Check]:
        with django_capture_on_commit_callbacks(execute=True):
            return services.erase_order(order_id=123456, actor=staff, now=NOW)

    return run


def differences() -> list[Any]:
    return [difference for verified in verify() for difference in verified.differences]


def everything_stored() -> str:
    """All that the tables of checks, their history and the log hold, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(row, ' ') FROM (SELECT checks_check::text AS row FROM checks_check"
            " UNION ALL SELECT checks_historicalcheck::text FROM checks_historicalcheck"
            " UNION ALL SELECT events_event::text FROM events_event) AS rows"
        )
        row: tuple[str] = cursor.fetchone()
    return row[0]


def test_it_deletes_the_persons_data_and_keeps_what_happened(
    closed: list[Check], erase: Any, staff: Actor
) -> None:
    assert all(word in everything_stored() for word in PERSONAL)

    erased = erase()

    assert [check.pk for check in erased] == [check.pk for check in closed]
    for check in Check.objects.filter(order_id=123456):
        assert check.order == {
            "id": 123456,
            "point_id": 1,
            "price": 780,
            "items": [
                {"name": "Вкусная пицца", "quantity": 2, "unit_price": 250},
                {"name": "Не менее вкусные роллы", "quantity": 1, "unit_price": 280},
            ],
            "address": "",
            "client": {"name": "", "phone": ""},
        }
        assert (bytes(check.order_salt), check.pdf_file.name, check.status) == (b"", "", "printed")
        assert types_of(check) == ["created", "rendered", "printed", "erased"]
        event = Event.objects.get(stream=check, type="erased")
        assert event.actor == str(staff)
        assert event.data == {"fields": ["address", "client.name", "client.phone"]}
    assert not [word for word in PERSONAL if word in everything_stored()]
    assert not default_storage.exists(KITCHEN)
    assert not default_storage.exists(CLIENT)
    assert not ErasedFile.objects.exists()
    assert differences() == []


def test_it_deletes_what_the_contract_does_not_know(
    printers: Any, order: dict[str, Any], staff: Actor, erase: Any
) -> None:
    order["client"]["email"] = "ivan@example.org"
    order["items"][0]["for"] = "Иван"
    order["comment"] = "Домофон 42"
    close(services.create_checks(order=order, actor=Actor.order_system(), now=NOW), staff)

    erase()

    stored = everything_stored()
    assert not [word for word in ("ivan@example.org", "Иван", "Домофон") if word in stored]
    assert Event.objects.filter(type="erased").first().data["fields"][-1] == "other"  # type: ignore[union-attr]


def test_it_records_nothing_the_second_time(closed: list[Check], erase: Any) -> None:
    erase()

    with nothing_written():
        erase()


def test_it_is_possible_for_what_was_never_printed(created: list[Check], erase: Any, staff: Actor) -> None:
    for check in created:
        services.mark_failed(check_id=check.pk, reason="отменён", actor=staff, now=NOW)

    erase()

    assert [types_of(check)[-1] for check in created] == ["erased", "erased"]
    assert differences() == []


def test_it_is_refused_while_a_check_is_open(created: list[Check], erase: Any, staff: Actor) -> None:
    services.mark_failed(check_id=created[0].pk, reason="x", actor=staff, now=NOW)

    with nothing_written(), pytest.raises(OrderOpenError):
        erase()


def test_it_is_refused_for_an_order_that_never_was(db: None, erase: Any) -> None:
    with pytest.raises(CheckNotFoundError):
        erase()


def test_it_is_refused_for_a_check_of_another_order(closed: list[Check], staff: Actor) -> None:
    with nothing_written(), pytest.raises(CheckNotFoundError):
        services.erase_check(check_id=closed[0].pk, order_id=7, actor=staff, now=NOW)


def test_it_is_refused_for_a_check_that_was_opened_meanwhile(closed: list[Check], staff: Actor) -> None:
    services.reprint_check(check_id=closed[0].pk, reason="x", actor=staff, now=NOW)

    with nothing_written(), pytest.raises(TransitionRefusedError):
        services.erase_check(check_id=closed[0].pk, order_id=123456, actor=staff, now=NOW)


# --- The PDFs --------------------------------------------------------------------------------------------


def test_it_keeps_a_pdf_that_another_check_shares(
    printers: dict[str, Printer], order: Any, staff: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    Printer.objects.create(name="second kitchen", api_key="k2", check_type="kitchen", point_id=1)
    checks = close(services.create_checks(order=order, actor=Actor.order_system(), now=NOW), staff)
    first, second = (check for check in checks if check.type == "kitchen")

    with django_capture_on_commit_callbacks(execute=True):
        services.erase_check(check_id=first.pk, order_id=123456, actor=staff, now=NOW)
    assert default_storage.exists(KITCHEN)

    with django_capture_on_commit_callbacks(execute=True):
        services.erase_check(check_id=second.pk, order_id=123456, actor=staff, now=NOW)
    assert not default_storage.exists(KITCHEN)
    assert default_storage.exists(CLIENT)


def test_it_is_completed_by_the_sweeper(closed: list[Check], staff: Actor, redis: Any) -> None:
    """The process died between the commit and the deletion: nothing runs on commit here."""
    services.erase_order(order_id=123456, actor=staff, now=NOW)
    assert default_storage.exists(KITCHEN)

    sweep()

    assert not default_storage.exists(KITCHEN)
    assert not default_storage.exists(CLIENT)
    assert not ErasedFile.objects.exists()


def test_it_is_completed_by_a_repeat(closed: list[Check], staff: Actor, erase: Any) -> None:
    services.erase_order(order_id=123456, actor=staff, now=NOW)

    erase()

    assert not default_storage.exists(KITCHEN)
    assert not ErasedFile.objects.exists()


def test_it_deletes_what_came_back_out_of_a_backup(closed: list[Check], erase: Any) -> None:
    before = Check.objects.values().get(pk=closed[0].pk)
    erase()
    Check.objects.filter(pk=closed[0].pk).update(order=before["order"], order_salt=before["order_salt"])
    default_storage.save(KITCHEN, ContentFile(SMALL_PDF))
    assert ["its personal data is there" in str(each) for each in differences()] == [True]

    erase()

    assert differences() == []
    assert not default_storage.exists(KITCHEN)


def test_it_does_not_wait_for_the_file(
    closed: list[Check], erase: Any, redis: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What stands in the way of the deletion is logged, and done by the sweeper later."""
    path = Path(settings.MEDIA_ROOT) / KITCHEN
    path.unlink()
    (path / "in the way").mkdir(parents=True)

    erase()

    assert ErasedFile.objects.get().name == KITCHEN
    assert "in the way" in caplog.text or "not empty" in caplog.text
    (path / "in the way").rmdir()
    sweep()
    assert not ErasedFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_whoever_erases_another_check_of_the_order(closed: list[Check], staff: Actor) -> None:
    """Or neither of two would see that the other is erased too, and the PDF would stay."""
    other = another_connection()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [123456])
    thread = threading.Thread(target=in_threads, args=(1, partial(erase_one, closed, staff)))
    thread.start()

    within(10, lambda: somebody_waits("advisory"))

    other.rollback()
    other.close()
    thread.join(10)
    assert types_of(closed[0])[-1] == "erased"


def erase_one(checks: list[Check], staff: Actor, number: int) -> Check:
    return services.erase_check(check_id=checks[number].pk, order_id=123456, actor=staff, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_it_deletes_a_shared_pdf_when_both_are_erased_at_once(
    printers: dict[str, Printer], order: Any, staff: Actor
) -> None:
    """Neither of two that look for the other at the same moment may leave the file to the other."""
    Printer.objects.create(name="second kitchen", api_key="k2", check_type="kitchen", point_id=1)
    checks = close(services.create_checks(order=order, actor=Actor.order_system(), now=NOW), staff)
    pair = [check for check in checks if check.type == "kitchen"]

    outcomes = in_threads(2, partial(erase_one, pair, staff))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert not default_storage.exists(KITCHEN)


# --- Afterwards ------------------------------------------------------------------------------------------


def test_it_ends_the_downloads(closed: list[Check], erase: Any, api: Client) -> None:
    erase()

    with nothing_written():
        response = api.get("/check/", {"api_key": "key1", "check_id": closed[0].pk})

    assert refusal_of(response, 400) == {"error": "Данные чека удалены.", "code": "erased"}


def test_it_ends_a_download_that_has_just_begun(
    closed: list[Check], erase: Any, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_document = deliver.open_document

    def open_and_erase(**arguments: Any) -> Any:
        document = open_document(**arguments)
        erase()
        return document

    monkeypatch.setattr(deliver, "open_document", open_and_erase)

    response = api.get("/check/", {"api_key": "key1", "check_id": closed[0].pk})

    assert refusal_of(response, 400)["code"] == "erased"


def test_it_does_not_tell_another_printer(closed: list[Check], erase: Any, api: Client) -> None:
    erase()

    response = api.get("/check/", {"api_key": "key2", "check_id": closed[0].pk})

    assert refusal_of(response, 400)["code"] == "check_not_found"


@pytest.mark.parametrize("verb", ["retry_check", "reprint_check", "mark_failed"])
def test_it_ends_what_staff_can_do(closed: list[Check], erase: Any, staff: Actor, verb: str) -> None:
    erase()

    with nothing_written(), pytest.raises(ErasedError):
        getattr(services, verb)(check_id=closed[0].pk, reason="x", actor=staff, now=NOW)


def test_it_leaves_pages_that_show_the_order(closed: list[Check], erase: Any, admin_client: Client) -> None:
    erase()

    page = admin_client.get(f"/admin/checks/check/{closed[0].pk}/change/")
    pdf = admin_client.get(f"/admin/checks/check/{closed[0].pk}/pdf/")

    assert (page.status_code, pdf.status_code) == (200, 404)
    assert "Вкусная пицца" in page.content.decode()
    assert not [word for word in PERSONAL if word in page.content.decode()]


def test_it_does_not_take_the_persons_name_from_the_other_check(
    printers: dict[str, Printer], order: Any, staff: Actor, fake_renderer: FakeRenderer, redis: Any
) -> None:
    """Of two client checks one is erased, the other rendered anew: the paper still says whom it is for."""
    Printer.objects.create(name="second desk", api_key="k2", check_type="client", point_id=1)
    checks = close(services.create_checks(order=order, actor=Actor.order_system(), now=NOW), staff)
    first, second = (check for check in checks if check.type == "client")
    services.erase_check(check_id=first.pk, order_id=123456, actor=staff, now=NOW)
    services.reprint_check(check_id=second.pk, reason="x", actor=staff, now=NOW)
    services.mark_failed(check_id=second.pk, reason="x", actor=staff, now=NOW)
    services.retry_check(check_id=second.pk, reason="x", actor=staff, now=NOW)

    run_render(123456, "client", str(uuid4()))

    assert ["Иван" in html for html in fake_renderer.rendered] == [True]
    with default_storage.open(CLIENT) as file:
        assert file.read() == SMALL_PDF


def test_it_has_a_command(closed: list[Check], capsys: Any) -> None:
    call_command("erase_personal_data", order=closed[0].order_id)

    assert "2 checks" in capsys.readouterr().out
    assert types_of(closed[0])[-1] == "erased"


def test_its_command_says_why_an_open_order_is_refused(created: list[Check]) -> None:
    with pytest.raises(CommandError, match="neither printed nor failed"):
        call_command("erase_personal_data", order=created[0].order_id)

"""GET /check/ …"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from checks.services import deliver
from checks.services.reprint import Reprinter
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.calls import download, log_of, nothing_written, refusal_of, status_of
from tests.support.fakes import SMALL_PDF, FakeRenderer
from tests.support.helpers import types_of

UNKNOWN = {"error": "Такого чека нет.", "code": "check_not_found"}


def test_it_gives_the_pdf_and_takes_the_check_under_a_lease(api: Client, rendered: Check) -> None:
    before = timezone.now()
    response = api.get("/check/", {"api_key": "key1", "check_id": rendered.pk})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="123456_kitchen.pdf"'
    assert response.headers["Content-Length"] == str(len(SMALL_PDF))
    assert b"".join(response.streaming_content) == SMALL_PDF
    rendered.refresh_from_db()
    assert (rendered.status, rendered.version) == ("rendered", 3)
    assert rendered.lease_expires_at is not None
    assert 120 <= (rendered.lease_expires_at - before).total_seconds() < 150
    assert types_of(rendered) == ["created", "rendered", "downloaded"]
    name, actor, data = log_of(rendered)[-1]
    assert (name, actor, data["attempt"]) == ("downloaded", "printer:1", 1)
    assert datetime.fromisoformat(data["lease_expires_at"]) == rendered.lease_expires_at


def test_it_counts_as_printed_for_a_printer_that_never_confirms(
    api: Client, rendered_for: Callable[..., Check]
) -> None:
    check = rendered_for("key6")

    assert download(api, "key6", check) == SMALL_PDF

    check.refresh_from_db()
    assert (check.status, check.version, check.lease_expires_at) == ("printed", 4, None)
    assert log_of(check)[2:] == [
        ("downloaded", "printer:6", {"attempt": 1, "lease_expires_at": None}),
        ("printed", "printer:6", {"how": "download"}),
    ]


def test_it_takes_the_check_under_a_lease_for_a_printer_that_resends(
    api: Client, rendered_for: Callable[..., Check]
) -> None:
    check = rendered_for("key4")

    download(api, "key4", check)

    check.refresh_from_db()
    assert (check.status, types_of(check)[2:]) == ("rendered", ["downloaded"])
    assert check.lease_expires_at is not None


@pytest.mark.parametrize("api_key", ["key1", "key4", "key6"], ids=["confirm", "resend", "download"])
def test_it_gives_the_same_bytes_again_and_records_each_download(
    api: Client, rendered_for: Callable[..., Check], api_key: str
) -> None:
    check = rendered_for(api_key)

    assert download(api, api_key, check) == download(api, api_key, check) == SMALL_PDF

    attempts = [data["attempt"] for name, _, data in log_of(check) if name == "downloaded"]
    assert attempts == [1, 2]
    assert types_of(check).count("printed") == (1 if api_key == "key6" else 0)


def test_it_renews_the_lease(api: Client, rendered: Check) -> None:
    download(api, "key1", rendered)
    first = Check.objects.get(pk=rendered.pk).lease_expires_at
    download(api, "key1", rendered)

    second = Check.objects.get(pk=rendered.pk).lease_expires_at
    assert first is not None
    assert second is not None
    assert second > first


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "application/json", "*/*", "x"])
def test_it_gives_a_pdf_whatever_is_accepted(api: Client, rendered: Check, accept: str) -> None:
    assert download(api, "key1", rendered, Accept=accept) == SMALL_PDF


def test_it_refuses_head_which_would_record_a_download_of_nothing(api: Client, rendered: Check) -> None:
    with nothing_written():
        response = api.head("/check/", {"api_key": "key1", "check_id": rendered.pk})

    assert (response.status_code, response.content) == (405, b"")


def test_it_refuses_a_check_that_is_not_rendered(api: Client, kitchen: Check) -> None:
    with nothing_written():
        response = api.get("/check/", {"api_key": "key1", "check_id": kitchen.pk})

    assert refusal_of(response, 400) == {"error": "PDF этого чека ещё не готов.", "code": "not_rendered"}


def test_it_answers_for_another_printers_check_as_for_an_unknown_one(api: Client, rendered: Check) -> None:
    with nothing_written():
        anothers = api.get("/check/", {"api_key": "key2", "check_id": rendered.pk})
        unknown = api.get("/check/", {"api_key": "key2", "check_id": 987654321})

    assert refusal_of(anothers, 400) == refusal_of(unknown, 400) == UNKNOWN
    mine, theirs = dict(unknown.headers), dict(anothers.headers)
    assert mine.pop("X-Request-ID") != theirs.pop("X-Request-ID")
    assert mine == theirs


def test_it_does_not_tell_another_printer_that_a_check_is_not_rendered(api: Client, kitchen: Check) -> None:
    response = api.get("/check/", {"api_key": "key2", "check_id": kitchen.pk})

    assert refusal_of(response, 400) == UNKNOWN


def test_it_refuses_without_a_key(api: Client, rendered: Check) -> None:
    with nothing_written():
        response = api.get("/check/", {"check_id": rendered.pk})

    assert refusal_of(response, 401) == {"error": "Ошибка авторизации"}


def test_it_says_that_a_lost_file_is_our_fault(api: Client, rendered: Check, settings: Any) -> None:
    (Path(settings.MEDIA_ROOT) / rendered.pdf_file.name).unlink()

    with nothing_written():
        response = api.get("/check/", {"api_key": "key1", "check_id": rendered.pk})

    assert refusal_of(response, 500) == {"error": "PDF этого чека не найден.", "code": "document_missing"}
    assert status_of(rendered) == "rendered"


def test_it_lets_go_of_the_file_when_the_download_is_refused(
    api: Client, rendered: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    open_document = deliver.open_document

    def remember(**arguments: Any) -> Any:
        opened.append(open_document(**arguments))
        return opened[-1]

    def refuse(**_arguments: Any) -> None:
        raise services.OrderExistsError

    monkeypatch.setattr(deliver, "open_document", remember)
    monkeypatch.setattr(deliver, "download_check", refuse)

    refusal_of(api.get("/check/", {"api_key": "key1", "check_id": rendered.pk}), 400)

    assert [document.closed for document in opened] == [True]


def test_it_hands_the_file_to_the_server_in_front_when_told_so(
    api: Client, rendered: Check, settings: Any
) -> None:
    settings.X_ACCEL_PREFIX = "/media/"

    response = api.get("/check/", {"api_key": "key1", "check_id": rendered.pk})

    assert response.headers["X-Accel-Redirect"] == "/media/pdf/123456_kitchen.pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="123456_kitchen.pdf"'
    assert (response.headers["Content-Type"], response.content) == ("application/pdf", b"")
    assert types_of(rendered)[-1] == "downloaded"


@pytest.fixture
def reprinted_meanwhile(rendered: Check, monkeypatch: pytest.MonkeyPatch, staff: Actor) -> Check:
    """Staff have the check printed again between the opening of its file and the download, once."""
    services.mark_printed(check_id=rendered.pk, actor=staff, now=NOW)
    open_document = deliver.open_document

    def open_and_reprint(**arguments: Any) -> Any:
        document = open_document(**arguments)
        monkeypatch.undo()
        Reprinter(CopyRenderer()).reprint(check_id=rendered.pk, reason="x", actor=staff, now=NOW)
        return document

    monkeypatch.setattr(deliver, "open_document", open_and_reprint)
    return rendered


class CopyRenderer(FakeRenderer):
    """Its PDFs have the size of the others and are not the same."""

    PDF = SMALL_PDF.replace(b"1.4", b"1.5")

    def render(self, html: str) -> bytes:
        return self.PDF


def test_it_gives_the_copy_where_a_reprint_comes_in_between(api: Client, reprinted_meanwhile: Check) -> None:
    """What is on record as the copy's download is the copy, also where both files have one size."""
    assert download(api, "key1", reprinted_meanwhile) == CopyRenderer.PDF

    assert types_of(reprinted_meanwhile)[2:] == ["printed", "reprinted", "downloaded"]

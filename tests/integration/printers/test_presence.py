"""The presence of printers …"""

import os
import sys
import threading
import time
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from checks.models import Check
from foundation.per_process import PerProcess
from printers import presence
from printers.models import PrinterPresence
from printers.presence import PresenceBuffer
from tests.conftest import NOW
from tests.support.helpers import another_connection, in_threads, record_render, somebody_waits, within

LATER = NOW + timedelta(seconds=30)


def seen() -> dict[int, datetime]:
    return dict(PrinterPresence.objects.values_list("printer_id", "last_seen_at"))


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> PresenceBuffer:
    """The process's notes, to be written by the next call."""
    notes = PresenceBuffer()
    notes._write_at = 0.0
    monkeypatch.setattr(presence, "_buffer", PerProcess(lambda: notes))
    return notes


def test_they_cost_an_ordinary_poll_no_query(
    api: Client, printers: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        api.get("/new_checks/", {"api_key": "key1"})

    assert seen() == {}


def test_they_are_written_by_the_poll_that_finds_it_time(
    api: Client, printers: Any, due: PresenceBuffer
) -> None:
    started = timezone.now()
    api.get("/new_checks/", {"api_key": "key1"})
    api.get("/new_checks/", {"api_key": "key2"})

    (printer_id, moment), *rest = seen().items()
    assert (printer_id, rest) == (printers["key1"].pk, [])
    assert started <= moment <= timezone.now()


def test_they_are_all_written_at_once(
    printers: Any, due: PresenceBuffer, django_assert_num_queries: Any
) -> None:
    due._write_at = float("inf")
    for printer in printers.values():
        due.note(printer.pk, NOW)
    due._write_at = 0.0

    with django_assert_num_queries(3):  # savepoint, the statement, release
        due.note(printers["key1"].pk, LATER)

    assert seen() == {printer.pk: NOW for printer in printers.values()} | {printers["key1"].pk: LATER}


@pytest.mark.parametrize("call", ["/check/", "/check/printed/", "/check/failed/"])
def test_they_come_from_downloads_and_reports_too(
    api: Client, created: list[Check], due: PresenceBuffer, printers: Any, call: str
) -> None:
    record_render(now=NOW)
    sent = {"api_key": "key1", "check_id": created[0].pk, "reason": "no paper"}

    response = api.get(call, sent) if call == "/check/" else api.post(call, sent)
    b"".join(response)  # an open file would be complained of

    assert set(seen()) == {printers["key1"].pk}


def test_they_come_from_nobody_without_a_key(api: Client, printers: Any, due: PresenceBuffer) -> None:
    assert api.get("/new_checks/", {"api_key": "no"}).status_code == 401

    assert seen() == {}


@pytest.mark.parametrize(
    ("moment", "kept"),
    [(NOW - timedelta(days=1), NOW), (LATER - timedelta(microseconds=1), NOW), (LATER, LATER)],
)
def test_they_change_a_row_twice_a_minute_and_never_backwards(
    printers: Any, moment: datetime, kept: datetime
) -> None:
    printer_id = printers["key1"].pk
    presence.write({printer_id: NOW})
    before = _row_version(printer_id)

    presence.write({printer_id: moment})

    assert seen() == {printer_id: kept}
    assert (_row_version(printer_id) == before) == (kept == NOW)


def _row_version(printer_id: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ctid::text, xmax::text FROM printers_printerpresence WHERE printer_id = %s", [printer_id]
        )
        return cursor.fetchone()


def test_they_leave_out_a_printer_that_is_gone(printers: Any) -> None:
    gone = printers["key8"].pk
    printers["key8"].delete()

    presence.write({gone: NOW, printers["key1"].pk: NOW})

    assert set(seen()) == {printers["key1"].pk}


@pytest.mark.django_db(transaction=True)
def test_they_are_written_by_many_threads_without_a_deadlock(printers: Any) -> None:
    ids = [printer.pk for printer in printers.values()]

    def write(number: int) -> None:
        for step in range(20):
            moment = NOW + timedelta(minutes=20 * step + number)
            presence.write(dict.fromkeys(ids if number % 2 else ids[::-1], moment))

    assert in_threads(6, write) == [None] * 6
    assert min(seen().values()) >= NOW + timedelta(minutes=20 * 19)


@pytest.mark.django_db(transaction=True)
def test_they_give_way_to_a_newer_one_that_another_process_is_writing(printers: Any) -> None:
    printer_id = printers["key1"].pk
    other = another_connection()
    other.cursor().execute("INSERT INTO printers_printerpresence VALUES (%s, %s)", [printer_id, LATER])

    def write(number: int) -> None:
        presence.write({printer_id: NOW})

    late = threading.Thread(target=in_threads, args=(1, write))
    late.start()
    within(10, somebody_waits)
    other.commit()
    late.join(10)
    other.close()

    assert seen() == {printer_id: LATER}


@pytest.mark.django_db(transaction=True)
def test_they_never_fail_a_poll(api: Client, printers: Any, due: PresenceBuffer, caplog: Any) -> None:
    """While another transaction keeps the table to itself."""
    other = another_connection()
    try:
        other.cursor().execute("LOCK TABLE printers_printerpresence")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")

        assert api.get("/new_checks/", {"api_key": "key1"}).status_code == 200
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    assert "presence of 1 printers are lost" in caplog.text


def test_they_survive_a_fork_in_the_middle_of_a_note() -> None:
    notes = presence._buffer()
    notes._noted[1] = NOW
    with notes._lock:
        child = os.fork()
        if child == 0:
            fresh = presence._buffer()
            os._exit(0 if fresh is not notes and not fresh._noted and not fresh._lock.locked() else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_they_lose_no_note_between_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """While every note is one to be written, each goes to the table once, whoever comes in between."""
    written: list[int] = []
    monkeypatch.setattr(presence, "WRITE_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(presence, "write", lambda noted: written.extend(list(noted)))
    notes = PresenceBuffer()
    start = threading.Barrier(4)

    def note(number: int) -> None:
        start.wait(10)
        sys.settrace(let_others_in)
        for step in range(50):
            notes.note(number * 1000 + step, NOW)
        sys.settrace(None)

    assert in_threads(4, note) == [None] * 4
    assert sorted(written) == [number * 1000 + step for number in range(4) for step in range(50)]


def let_others_in(frame: FrameType, event: str, argument: Any) -> Any:
    """Give another thread its turn before each instruction of a note: by itself Python rarely does."""
    if frame.f_code is not PresenceBuffer.note.__code__:
        return None
    frame.f_trace_opcodes = True
    time.sleep(0)
    return let_others_in


def test_they_are_shown_to_staff(client: Client, admin_user: Any, printers: Any) -> None:
    client.force_login(admin_user)
    presence.write({printers["key1"].pk: NOW})

    listed = client.get("/admin/printers/printer/").content.decode()
    page = client.get(f"/admin/printers/printer/{printers['key1'].pk}/change/").content.decode()

    assert "15.01.2026 15:00:00" in listed
    assert "15.01.2026 15:00:00" in page

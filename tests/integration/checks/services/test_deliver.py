"""Delivering a check …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks import services
from checks.domain.refusals import NeverDownloadedError, NotRenderedError, TransitionRefusedError
from checks.models import Check, CheckNotFoundError
from checks.services import deliver
from events.models import Event
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import expire_leases, in_threads, record_render, types_of


@pytest.fixture
def check(created: list[Check]) -> Check:
    """The rendered kitchen check of printer key1."""
    record_render(now=NOW)
    return created[0]


@pytest.fixture
def printer(printers: dict[str, Printer]) -> Printer:
    return printers["key1"]


def test_it_takes_a_download_out_of_the_list_under_a_lease(check: Check, printer: Printer) -> None:
    assert deliver.new_check_ids(printer) == [check.pk]

    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    check.refresh_from_db()
    assert deliver.new_check_ids(printer) == []
    assert (check.status, check.lease_expires_at) == ("rendered", NOW + timedelta(seconds=120))
    assert types_of(check) == ["created", "rendered", "downloaded"]


def test_it_ends_with_the_confirmation(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    services.confirm_print(printer=printer, check_id=check.pk, now=NOW)

    check.refresh_from_db()
    assert (check.status, check.version, check.lease_expires_at) == ("printed", 4, None)
    records = Check.history.filter(id=check.pk).order_by("version")
    assert [(record.version, record.history_change_reason, record.status) for record in records] == [
        (1, "created", "new"),
        (2, "rendered", "rendered"),
        (3, "downloaded", "rendered"),
        (4, "printed", "printed"),
    ]


def test_it_writes_two_events_and_two_records_where_a_download_is_a_print(
    check: Check, printer: Printer
) -> None:
    Printer.objects.filter(pk=printer.pk).update(delivery="download")
    printer.refresh_from_db()

    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    assert types_of(check) == ["created", "rendered", "downloaded", "printed"]
    statuses = Check.history.filter(id=check.pk).order_by("version").values_list("status", flat=True)
    assert list(statuses) == ["new", "rendered", "rendered", "printed"]


def test_it_records_nothing_for_a_repeated_confirmation(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    for _ in range(3):
        services.confirm_print(printer=printer, check_id=check.pk, now=NOW)

    assert types_of(check).count("printed") == 1


def test_it_is_given_up_when_nobody_confirms(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    assert expire_leases(now=NOW + timedelta(seconds=119)) == 0
    assert expire_leases(now=NOW + timedelta(seconds=120)) == 1

    check.refresh_from_db()
    assert check.status == "failed"
    assert Event.objects.get(stream=check, type="failed").data["reason"] == "unconfirmed"


def test_it_is_offered_again_by_a_printer_that_may_print_twice(check: Check, printer: Printer) -> None:
    Printer.objects.filter(pk=printer.pk).update(delivery="resend")
    printer.refresh_from_db()
    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    expire_leases(now=NOW + timedelta(seconds=121))

    assert deliver.new_check_ids(printer) == [check.pk]
    assert types_of(check)[-1] == "released"


def test_it_is_saved_by_a_late_confirmation(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)
    expire_leases(now=NOW + timedelta(seconds=121))

    services.confirm_print(printer=printer, check_id=check.pk, now=NOW + timedelta(hours=1))

    check.refresh_from_db()
    assert check.status == "printed"
    assert Event.objects.get(stream=check, type="printed").data == {"how": "late"}


def test_it_is_refused_before_there_is_a_pdf(created: list[Check], printer: Printer) -> None:
    with pytest.raises(NotRenderedError):
        services.download_check(printer=printer, check_id=created[0].pk, now=NOW)


def test_it_is_refused_to_another_printer(check: Check, printers: Any) -> None:
    with pytest.raises(CheckNotFoundError):
        services.download_check(printer=printers["key2"], check_id=check.pk, now=NOW)


def test_it_cannot_be_confirmed_without_a_download(check: Check, printer: Printer) -> None:
    with pytest.raises(NeverDownloadedError):
        services.confirm_print(printer=printer, check_id=check.pk, now=NOW)

    assert types_of(check) == ["created", "rendered"]


def test_it_fails_when_the_printer_says_so_and_only_then(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)
    services.report_failure(printer=printer, check_id=check.pk, reason="нет бумаги", now=NOW)
    services.report_failure(printer=printer, check_id=check.pk, reason="нет бумаги", now=NOW)

    assert types_of(check)[-1] == "failed"
    assert Event.objects.get(stream=check, type="failed").data["reason"] == "нет бумаги"
    with pytest.raises(TransitionRefusedError):
        services.confirm_print(printer=printer, check_id=check.pk, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_it_is_printed_once_however_many_confirm_at_once(check: Check, printer: Printer) -> None:
    services.download_check(printer=printer, check_id=check.pk, now=NOW)

    in_threads(8, lambda _: services.confirm_print(printer=printer, check_id=check.pk, now=NOW))

    assert types_of(check) == ["created", "rendered", "downloaded", "printed"]


def test_it_does_not_wait_for_a_lease_that_somebody_holds(check: Check, printer: Printer) -> None:
    """The sweeper passes by; another one, or the next run, comes to it."""
    services.download_check(printer=printer, check_id=check.pk, now=NOW)
    late = NOW + timedelta(seconds=121)

    with CaptureQueriesContext(connection) as captured:
        services.expire_lease(check_id=check.pk, now=late)

    (lock,) = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    assert lock.split()[-6:] == ["FOR", "NO", "KEY", "UPDATE", "SKIP", "LOCKED"]


def test_it_never_lets_time_run_backwards(check: Check, printer: Printer) -> None:
    """Who waited for the lock has read the clock before the one who held it."""
    services.download_check(printer=printer, check_id=check.pk, now=NOW + timedelta(seconds=2))

    services.confirm_print(printer=printer, check_id=check.pk, now=NOW)

    moments = list(
        Event.objects.filter(stream=check).order_by("version").values_list("occurred_at", flat=True)
    )
    assert moments == sorted(moments)

"""The page of a printer …"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks import services
from checks.admin.printer.page import printer_page
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer, PrinterPresence
from tests.conftest import NOW
from tests.support.helpers import record_render

ENGLISH = {"Accept-Language": "en"}


def page_of(client: Client, printer: Printer) -> str:
    response = client.get(f"/admin/printers/printer/{printer.pk}/change/", headers=ENGLISH)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def order_to(order: Any, number: int) -> Check:
    """Create the kitchen's check of another order and render it."""
    check = services.create_checks(order={**order, "id": number}, actor=Actor.order_system(), now=NOW)[0]
    record_render(now=NOW, order_id=number)
    return check


def test_it_says_what_waits_and_what_failed_and_why(staff_client: Client, check: Check, order: Any) -> None:
    printer = check.printer
    failed = order_to(order, 7)
    services.download_check(printer=printer, check_id=failed.pk, now=NOW)
    services.report_failure(printer=printer, check_id=failed.pk, reason="замялась бумага", now=NOW)
    PrinterPresence.objects.create(printer=printer, last_seen_at=timezone.now() - timedelta(minutes=4))

    page = page_of(staff_client, printer)

    assert "Last seen 4 min" in page
    assert "It is silent" in page
    waiting, failures = page.split('id="printer-failures"')
    assert f"/admin/checks/check/{check.pk}/change/" in waiting
    assert f"/admin/checks/check/{failed.pk}/change/" in failures
    assert "замялась бумага" in failures


def test_it_says_so_where_there_is_nothing(staff_client: Client, printers: dict[str, Printer]) -> None:
    page = page_of(staff_client, printers["key1"])

    for text in (
        "Never seen yet.",
        "It has printed nothing yet.",
        "No checks wait for this printer.",
        "This printer has no failed checks.",
    ):
        assert text in page


def test_it_has_the_median_time_to_print(staff_client: Client, printers: Any, order: Any) -> None:
    for number, seconds in enumerate((2, 3, 100), start=1):
        check = order_to(order, number)
        services.download_check(printer=printers["key1"], check_id=check.pk, now=NOW)
        at = NOW + timedelta(seconds=seconds)
        services.confirm_print(printer=printers["key1"], check_id=check.pk, now=at)

    assert "Median time to print: 3.0 s (the last 3 prints)." in page_of(staff_client, printers["key1"])


def test_it_takes_as_many_queries_for_many_checks_as_for_few(
    staff_client: Client, check: Check, staff: Actor, order: Any, django_assert_num_queries: Any
) -> None:
    for number in range(1, 15):
        waiting = order_to(order, number)
        if number % 2:
            services.mark_failed(check_id=waiting.pk, reason="x", actor=staff, now=NOW)
    page_of(staff_client, check.printer)  # fills the cache of content types

    # session, user, printer; waiting, failed and their reasons, prints
    with django_assert_num_queries(7):
        page_of(staff_client, check.printer)


@pytest.fixture
def renewed(staff_client: Client, printers: dict[str, Printer]) -> Any:
    return staff_client.post(f"/admin/printers/printer/{printers['key1'].pk}/new_key/")


def test_it_asks_before_it_makes_a_new_key(staff_client: Client, printers: dict[str, Printer]) -> None:
    printer = printers["key1"]

    page = staff_client.get(f"/admin/printers/printer/{printer.pk}/new_key/").content.decode()

    assert "new-key" not in page
    printer.refresh_from_db()
    assert printer.api_key == "key1"


def test_it_shows_a_new_key_once_and_the_old_one_is_void(
    renewed: Any, staff_client: Client, api: Client, printers: dict[str, Printer]
) -> None:
    shown = re.search(r'id="new-key">([^<]+)<', renewed.content.decode())
    assert shown is not None
    key = shown[1]

    assert "no-store" in renewed.headers["Cache-Control"]
    assert len(key) >= 43
    assert api.get("/new_checks/", {"api_key": "key1"}).status_code == 401
    assert api.get("/new_checks/", {"api_key": key}).status_code == 200
    assert key not in page_of(staff_client, printers["key1"])


def test_it_keeps_the_new_key_out_of_the_history(
    renewed: Any, admin_user: Any, printers: dict[str, Printer]
) -> None:
    printer = Printer.objects.get(pk=printers["key1"].pk)
    record = printer.history.latest("history_id")

    assert (record.history_change_reason, record.history_user) == ("new api_key", admin_user)
    assert printer.api_key not in str(vars(record))


def test_it_has_no_new_key_for_a_printer_that_is_not_there(staff_client: Client) -> None:
    for printer_id in (0, 2**70):
        address = f"/admin/printers/printer/{printer_id}/new_key/"
        assert staff_client.get(address).status_code == 404
        assert staff_client.post(address).status_code == 404


@pytest.fixture
def retired(printers: Any) -> Printer:
    """A printer whose 1,000 checks lie before 100,000 of others: one in a hundred of all is failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO checks_check (printer_id, type, "order", order_salt, order_id, status, pdf_file,
                                      version, status_changed_at)
            SELECT CASE WHEN n <= 1000 THEN 1 ELSE 2 + n %% 3 END, 'kitchen', '{}', '', n,
                   CASE WHEN n %% 100 = 0 THEN 'failed' ELSE 'printed' END, '', 1,
                   now() - (200000 - n) * interval '1 second'
            FROM generate_series(1, 101000) n
            """,
            [],
        )
        cursor.execute("ANALYZE checks_check")
    return printers["key1"]


def test_it_goes_back_through_the_checks_of_this_printer_alone(retired: Printer) -> None:
    with CaptureQueriesContext(connection) as captured:
        printer_page(retired, now=timezone.now())
    plans = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    _presence, waiting, failed, prints, _reasons = plans
    assert "using checks_check_printer on" in prints
    assert "using checks_check_printer_failed on" in failed
    assert "using checks_check_open on" in waiting
    assert "Seq Scan on checks_check" not in "".join(plans)

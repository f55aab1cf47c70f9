"""A hot path, however many printers, checks and events there are …"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks import services
from checks.domain.state import Status
from checks.models import Check
from checks.services import deliver
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import record_render

SYSTEM = Actor.order_system()


@pytest.mark.parametrize("more_printers", [0, 10])
def test_it_creates_with_seven_statements(
    printers: Any, order: Any, django_assert_num_queries: Any, more_printers: int
) -> None:
    Printer.objects.bulk_create(
        Printer(name=f"p{n}", api_key=f"more{n}", check_type="kitchen", point_id=1)
        for n in range(more_printers)
    )

    # savepoint, lock, is there one and which printers, checks, events, history records, release
    with django_assert_num_queries(7):
        services.create_checks(order=order, actor=SYSTEM, now=NOW)


@pytest.fixture
def rendered(created: list[Check]) -> Check:
    record_render(now=NOW)
    return created[0]


def test_it_downloads_and_confirms_with_seven_statements(
    rendered: Check, printers: Any, django_assert_num_queries: Any
) -> None:
    # savepoint, the locked check, its events; the event, the check, the history record; release
    with django_assert_num_queries(7):
        services.download_check(printer=printers["key1"], check_id=rendered.pk, now=NOW)
    with django_assert_num_queries(7):
        services.confirm_print(printer=printers["key1"], check_id=rendered.pk, now=NOW)


def test_it_finds_what_a_printer_waits_for_in_its_own_index(printers: Any) -> None:
    """At 100,000 checks, nearly all of them printed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO checks_check (printer_id, type, "order", order_salt, order_id, status, pdf_file,
                                      version, status_changed_at)
            SELECT 1 + n %% 8, 'kitchen', '{}', '', 1 + n,
                   CASE WHEN n %% 1000 = 0 THEN 'rendered' ELSE 'printed' END, '', 1, now()
            FROM generate_series(1, 100000) n
            """,
            [],
        )
        cursor.execute("ANALYZE checks_check")
    with CaptureQueriesContext(connection) as captured:
        ids = deliver.new_check_ids(printers["key1"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + captured[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert len(ids) == Check.objects.filter(printer_id=1, status=Status.RENDERED.value).count() > 0
    assert "checks_check_poll" in plan
    assert "Seq Scan" not in plan

"""The filters of checks …"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from checks import services
from checks.admin.check.filters import CheckFilterSet
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import expire_leases, plan_of, record_render

STAFF = Actor("command")
MINUTE = timedelta(minutes=1)


def asking(**asked: Any) -> CheckFilterSet:
    return CheckFilterSet({name: str(value) for name, value in asked.items()}, queryset=Check.objects.all())


def found(**asked: Any) -> QuerySet[Check]:
    filters = CheckFilterSet(
        {name: str(value) for name, value in asked.items()}, queryset=Check.objects.all()
    )
    assert filters.is_valid(), filters.errors
    return filters.qs


def unconfirmed(check: Check, now: datetime = NOW) -> None:
    """Let the rendered check be downloaded and never confirmed."""
    services.download_check(printer=check.printer, check_id=check.pk, now=now)
    expire_leases(now + timedelta(hours=1))


def fail(check: Check, reason: str, now: datetime = NOW) -> None:
    services.mark_failed(check_id=check.pk, reason=reason, actor=STAFF, now=now)


def reprint(check: Check, now: datetime = NOW) -> None:
    services.reprint_check(check_id=check.pk, reason="lost", actor=STAFF, now=now)


@pytest.fixture
def kitchen(created: list[Check]) -> Check:
    """The kitchen's check, rendered; the client's stays new."""
    record_render(now=NOW)
    return created[0]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"failed_stage": "delivery", "failed_reason": "unconfirmed"}, True),
        ({"failed_stage": "delivery", "status": "failed"}, True),
        ({"failed_reason": "CONFIRM"}, True),
        ({"failed_stage": "render"}, False),
        ({"failed_stage": "print", "failed_reason": "unconfirmed"}, False),
        ({"failed_stage": "delivery", "failed_reason": "paper"}, False),
    ],
    ids=str,
)
def test_they_find_what_failed_by_stage_and_reason(kitchen: Check, asked: Any, is_found: bool) -> None:
    unconfirmed(kitchen)

    assert list(found(**asked)) == ([kitchen] if is_found else [])


def test_they_ask_how_it_failed_last(kitchen: Check) -> None:
    unconfirmed(kitchen)
    reprint(kitchen)
    fail(kitchen, "out of paper")

    assert list(found(failed_stage="delivery")) == []
    assert list(found(failed_stage="print", failed_reason="paper")) == [kitchen]


def test_they_find_what_waits_too_long(kitchen: Check) -> None:
    fresh = timezone.now()
    Check.objects.filter(pk=kitchen.pk).update(status_changed_at=fresh)

    assert [check.type for check in found(status="waiting", older_than=1)] == ["client"]
    assert found(status="waiting", older_than=0).count() == 2
    assert list(found(status="rendered", older_than=1)) == []


def test_they_find_what_failed_twice_and_was_printed_then(kitchen: Check) -> None:
    pattern = {"pattern": "failed_twice_then_printed", "since": NOW.isoformat()}
    fail(kitchen, "jam")
    reprint(kitchen)
    services.mark_printed(check_id=kitchen.pk, actor=STAFF, now=NOW)
    assert list(found(**pattern)) == []

    reprint(kitchen)
    fail(kitchen, "jam")
    assert list(found(**pattern)) == []

    reprint(kitchen)
    services.mark_printed(check_id=kitchen.pk, actor=STAFF, now=NOW)
    assert list(found(**pattern)) == [kitchen]
    assert list(found(pattern="failed_twice_then_printed")) == [], "of the last day alone"


@pytest.mark.parametrize(
    ("seconds", "is_found"), [(None, True), (301, True), (300, False), (0, False)], ids=str
)
def test_they_find_what_was_rendered_and_lay(kitchen: Check, seconds: int | None, is_found: bool) -> None:
    if seconds is not None:
        fail(kitchen, "jam", NOW + timedelta(seconds=seconds))

    checks = found(pattern="quiet_after_rendered", since=NOW.isoformat())

    assert list(checks) == ([kitchen] if is_found else [])


def test_they_give_what_was_just_rendered_its_five_minutes(created: list[Check]) -> None:
    record_render(now=timezone.now() - 4 * MINUTE)

    assert list(found(pattern="quiet_after_rendered")) == []


@pytest.fixture
def many(kitchen: Check) -> None:
    """So many checks of another printer that reading all of any index is dear too."""
    other = Printer.objects.exclude(pk=kitchen.printer_id).latest("pk")
    Check.objects.bulk_create(
        Check(
            printer=other,
            type=other.check_type,
            order={},
            order_salt=b"x" * 16,
            order_id=number + 1,
            status="printed",
            status_changed_at=NOW,
        )
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE checks_check")


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"order": 123456}, "checks_check_order_printer"),
        ({"printer": 1}, "checks_check_printer"),
        ({"status": "waiting", "older_than": 1}, "checks_check_open"),
        ({"status": "failed"}, "checks_check_"),  # there are two for it
        ({"failed_stage": "render", "failed_reason": "x"}, "events_event_"),
        ({"since": "2026-01-15T12:00", "until": "2026-01-15T13:00"}, "events_event_"),
    ],
    ids=str,
)
def test_they_have_an_index_to_go_by(many: None, asked: Any, index: str) -> None:
    plan = plan_of(found(**asked))

    assert index in plan, plan
    assert "Seq Scan on events_event" not in plan


@pytest.mark.parametrize(
    "asked",
    [
        {"printer": "9" * 30},
        {"printer": "\x00"},
        {"point": 2**40},
        {"point": "NaN"},
        {"order": -1},
        {"order": 2**63},
        {"older_than": 10**30},
        {"older_than": "Infinity"},
        {"since": "0001-01-01T00:00"},
        {"until": "9999-12-31T23:59"},
        {"until": "3191-02-21T13:19:09-23:32"},
        {"since": "0001-01-01T00:00+23:32", "until": "9999-12-31T23:59-23:32"},
        {"failed_reason": "%_\\"},
        {"pattern": "none"},
    ],
    ids=str,
)
def test_they_have_an_answer_for_anything(kitchen: Check, asked: Any) -> None:
    filters = CheckFilterSet(
        {name: str(value) for name, value in asked.items()}, queryset=Check.objects.all()
    )

    assert not filters.is_valid() or set(filters.qs) in (set(), set(Check.objects.all()))

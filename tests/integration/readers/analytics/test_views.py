"""The views of analysts …"""

from typing import Any

import pytest
from django.db import connection

from checks import services
from checks.domain.fold import fold
from checks.models import Check
from events.log.registry import registry
from events.models import Event
from foundation.context import Actor
from tests.integration.readers.analytics.story import Week, after, moscow
from tests.support.helpers import WORKER, expire_leases, record_render

pytestmark = pytest.mark.django_db

NINE = moscow(14, 9)


def rows(sql: str, *parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lifecycle(check: Check) -> dict[str, Any]:
    (row,) = rows("SELECT * FROM analytics.check_lifecycle WHERE check_id = %s", check.pk)
    return row


def completion(number: int) -> dict[str, Any]:
    (row,) = rows("SELECT * FROM analytics.order_completion WHERE order_id = %s", number)
    return row


@pytest.fixture
def troubled(week: Week) -> Check:
    """A check to which everything happens that does not happen to those of the week."""
    check = services.create_checks(
        order={"id": 100, "point_id": 2, "items": [], "price": 0, "address": "", "client": {}},
        actor=Actor.order_system(),
        now=NINE,
    )[1]
    assert check.printer.api_key == "key4", "it is sent again"

    def attempt(second: int, *, permanent: bool) -> None:
        services.record_render_failure(
            check_id=check.pk,
            reason="timeout",
            ms=9,
            permanent=permanent,
            actor=WORKER,
            now=after(NINE, second),
        )

    attempt(10, permanent=False)
    attempt(20, permanent=True)
    services.retry_check(check_id=check.pk, reason="new fonts", actor=week.staff, now=after(NINE, 60))
    record_render("kitchen", now=after(NINE, 70), order_id=100)
    week.download(check, after(NINE, 80))
    assert expire_leases(after(NINE, 200)) == 1
    week.print(check, after(NINE, 200), download=10, confirm=5)
    week.download(check, after(NINE, 300))
    services.erase_check(check_id=check.pk, order_id=100, actor=Actor.command(), now=after(NINE, 400))
    return check


def test_they_tell_the_statuses_that_the_fold_gives(troubled: Check) -> None:
    told = {
        (row["check_id"], row["version"]): (row["from_status"], row["to_status"])
        for row in rows("SELECT * FROM analytics.check_transition")
    }
    folded, seen = {}, set()
    for check in Check.objects.all():
        state = None
        for event in Event.objects.filter(stream=check).order_by("version"):
            before = state.status.value if state else None
            payload = registry.decode(event.type, event.schema_version, event.data)
            state = fold([(payload, event.occurred_at)], state)
            assert state is not None
            folded[check.pk, event.version] = (before, state.status.value)
            seen.add(event.type)
        assert lifecycle(check)["status"] == check.status

    assert told == folded
    assert seen == set(registry.names())


def test_they_tell_a_checks_life(week: Week) -> None:
    check = Check.objects.get(order_id=3, printer=week.printers["key1"])
    at = moscow(12, 12, 10)

    assert lifecycle(check) == {
        "check_id": check.pk,
        "order_id": 3,
        "point_id": 1,
        "printer_id": check.printer_id,
        "check_type": "kitchen",
        "status": "printed",
        "created_at": at,
        "rendered_at": after(at, 1),
        "first_downloaded_at": after(at, 3),
        "printed_at": after(at, 303),
        "failed_at": after(at, 123),
        "erased_at": None,
        "last_event_at": after(at, 303),
        "seconds_to_render": 1.0,
        "seconds_to_download": 2.0,
        "seconds_to_print": 300.0,
        "seconds_to_paper": 303.0,
        "attempts": 1,
        "downloads": 1,
        "copies": 1,
        "unconfirmed": 1,
        "last_reason": "unconfirmed",
        "events": 5,
    }


def test_they_count_attempts_and_downloads_and_keep_what_was_erased(troubled: Check) -> None:
    life = lifecycle(troubled)

    assert (life["attempts"], life["downloads"], life["copies"], life["unconfirmed"]) == (3, 3, 1, 0)
    assert (life["failed_at"], life["erased_at"]) == (after(NINE, 20), after(NINE, 400))
    assert (life["rendered_at"], life["printed_at"]) == (after(NINE, 70), after(NINE, 215))
    assert life["last_reason"] == "new fonts"


def test_they_tell_each_change_of_a_check(troubled: Check) -> None:
    changes = rows(
        "SELECT * FROM analytics.check_transition WHERE check_id = %s ORDER BY version", troubled.pk
    )

    assert [
        (each["event"], each["actor_kind"], each["ms_since_previous"], each["attempt"]) for each in changes
    ] == [
        ("created", "order_system", None, None),
        ("render_attempt_failed", "worker", 10_000, 1),
        ("render_attempt_failed", "worker", 10_000, 2),
        ("failed", "worker", 0, None),
        ("retried", "staff", 40_000, None),
        ("rendered", "worker", 10_000, None),
        ("downloaded", "printer", 10_000, 1),
        ("released", "sweeper", 120_000, None),
        ("downloaded", "printer", 10_000, 2),
        ("printed", "printer", 5000, None),
        ("downloaded", "printer", 85_000, 3),
        ("erased", "command", 100_000, None),
    ]
    assert {(each["order_id"], each["point_id"], each["printer_id"]) for each in changes} == {
        (100, 2, troubled.printer_id)
    }
    assert [each["reason"] for each in changes if each["reason"]] == ["timeout"] * 3 + ["new fonts"]


def test_they_tell_whether_an_order_is_complete(week: Week) -> None:
    at = moscow(12, 12)
    assert completion(1) == {
        "order_id": 1,
        "point_id": 1,
        "created_at": at,
        "checks": 2,
        "printed_checks": 2,
        "is_complete": True,
        "completed_at": after(at, 26),
        "seconds_to_complete": 26.0,
        "slowest_step": "print",
        "slowest_step_seconds": 20.0,
        "failures": 0,
        "reprints": 0,
    }
    half = completion(4)
    assert (half["is_complete"], half["printed_checks"], half["completed_at"]) == (False, 1, None)
    assert (half["seconds_to_complete"], half["failures"]) == (None, 1)
    assert completion(7)["reprints"] == 1


def test_an_order_without_a_step_behind_it_has_no_slowest(created: list[Check]) -> None:
    assert completion(created[0].order_id)["slowest_step"] is None


@pytest.mark.parametrize("name", ["check_lifecycle", "check_transition", "order_completion"])
def test_their_times_know_their_zone(name: str, db: None) -> None:
    times = rows(
        "SELECT data_type FROM information_schema.columns "
        "WHERE table_schema = 'analytics' AND table_name = %s AND data_type LIKE 'timestamp%%'",
        name,
    )
    assert {each["data_type"] for each in times} == {"timestamp with time zone"}

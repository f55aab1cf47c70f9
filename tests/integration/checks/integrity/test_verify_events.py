"""verify_events …"""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from checks import services
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import record_render
from tests.support.owner import without_triggers


@pytest.fixture
def printed(created: list[Check], printers: dict[str, Printer]) -> Check:
    """A check with four events."""
    record_render(now=NOW)
    printer = printers["key1"]
    services.download_check(printer=printer, check_id=created[0].pk, now=NOW)
    return services.confirm_print(printer=printer, check_id=created[0].pk, now=NOW)


@pytest.fixture
def forge(db: None) -> Callable[[str, list[Any]], None]:
    """Change tables behind the service's back, as their owner can."""

    def run(sql: str, parameters: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with without_triggers():
                cursor.execute(sql, parameters)
                assert cursor.rowcount == 1

    return run


def verify() -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    out = StringIO()
    try:
        call_command("verify_events", quiet=True, stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_it_has_nothing_to_complain_of(printed: Check) -> None:
    assert verify() == (
        0,
        "0 seals of 0 events; 5 events are not sealed yet.\n2 checks, 5 events, 0 differences.\n",
    )


FORGERIES = {
    "a changed payload": (
        "UPDATE events_event SET data = jsonb_set(data, '{pages}', '2') WHERE check_id = %s AND version = 2",
        "version 2: the event “rendered” does not fit its hash",
    ),
    "a changed actor": (
        "UPDATE events_event SET actor = 'nobody' WHERE check_id = %s AND version = 3",
        "version 3: the event “downloaded” does not fit its hash",
    ),
    "a missing event in the middle": (
        "DELETE FROM events_event WHERE check_id = %s AND version = 3",
        "version 3: the event is missing; the next is version 4",
    ),
    "a missing first event": (
        "DELETE FROM events_event WHERE check_id = %s AND version = 1",
        "version 1: the event is missing; the next is version 2",
    ),
    "a missing last event": (
        "DELETE FROM events_event WHERE check_id = %s AND version = 4",
        "version 4: a history record has no event",
    ),
    "an event of an unknown type": (
        "UPDATE events_event SET type = 'magic' WHERE check_id = %s AND version = 2",
        "cannot be applied",
    ),
    "a changed cached status": (
        "UPDATE checks_check SET status = 'failed' WHERE id = %s",
        "status is cached as 'failed', the events have 'printed'",
    ),
    "a changed cached version": (
        "UPDATE checks_check SET version = 9 WHERE id = %s",
        "version is cached as 9, the events have 4",
    ),
    "a changed order": (
        "UPDATE checks_check SET \"order\" = jsonb_set(\"order\", '{price}', '1') WHERE id = %s",
        "the order is not the one that was created",
    ),
    "a check moved to another printer": (
        "UPDATE checks_check SET printer_id = 3 WHERE id = %s",
        "printer_id is cached as 3, the events have 1",
    ),
    "a changed order number": (
        "UPDATE checks_check SET order_id = 7 WHERE id = %s",
        "order_id is cached as 7, the events have 123456",
    ),
    "an event that the feed has too early": (
        "UPDATE events_event SET tx_id = 1 WHERE check_id = %s AND version = 4",
        "version 4: the feed has the event before its predecessor",
    ),
    "a history record with another reason": (
        "UPDATE checks_historicalcheck SET history_change_reason = 'x' WHERE id = %s AND version = 2",
        "version 2: the history record has history_change_reason 'x', the events 'rendered'",
    ),
    "a history record of another time": (
        "UPDATE checks_historicalcheck SET history_date = now() WHERE id = %s AND version = 2",
        "version 2: the history record has history_date",
    ),
    "an event in a year that Python has not": (
        "UPDATE events_event SET occurred_at = '294276-12-31 23:59:59Z' WHERE check_id = %s AND version = 2",
        "version 2: the event “rendered” cannot be applied: "
        "UnreadableMomentError('294276-12-31 23:59:59+00')",
    ),
    "an event before our era": (
        "UPDATE events_event SET occurred_at = '0044-03-15 12:00:00Z BC' WHERE check_id = %s AND version = 2",
        "version 2: the event “rendered” cannot be applied: "
        "UnreadableMomentError('0044-03-15 12:00:00+00 BC')",
    ),
    "an event at the end of time": (
        "UPDATE events_event SET occurred_at = 'infinity' WHERE check_id = %s AND version = 1",
        "version 1: the event “created” cannot be applied: UnreadableMomentError('infinity')",
    ),
    "a history record at the end of time": (
        "UPDATE checks_historicalcheck SET history_date = 'infinity' WHERE id = %s AND version = 2",
        "version 2: the history record has history_date 'infinity', the events 2026-01-15T12:00:00+00:00",
    ),
    "a check that is leased for ever": (
        "UPDATE checks_check SET lease_expires_at = 'infinity' WHERE id = %s",
        "lease_expires_at is cached as 'infinity', the events have None",
    ),
    "a moment that differs by a microsecond": (
        "UPDATE checks_check SET status_changed_at = status_changed_at + interval '1 us' WHERE id = %s",
        "status_changed_at is cached as 2026-01-15T12:00:00.000001+00:00, "
        "the events have 2026-01-15T12:00:00+00:00",
    ),
    "an order number that is none": (
        """UPDATE events_event SET data = jsonb_set(data, '{order_id}', '"x"')
        WHERE check_id = %s AND version = 1""",
        "the check cannot be verified: ValueError",
    ),
    "a member of staff who is none": (
        "UPDATE events_event SET actor = 'staff:x' WHERE check_id = %s AND version = 3",
        "version 3: the event “downloaded” does not fit its hash",
    ),
    "data too deep to be read": (
        """UPDATE events_event SET data = jsonb_set(data, '{renderer}',
            (repeat('[', 2000) || repeat(']', 2000))::jsonb) WHERE check_id = %s AND version = 2""",
        "version 2: the event “rendered” cannot be applied: JSONDecodeError",
    ),
    "an order too deep to be read": (
        """UPDATE checks_check SET "order" = (repeat('[', 5000) || repeat(']', 5000))::jsonb WHERE id = %s""",
        "the check cannot be verified: RecursionError",
    ),
    "a missing history record": (
        "DELETE FROM checks_historicalcheck WHERE id = %s AND version = 2",
        "version 2: the history record is missing",
    ),
    "a changed history record": (
        "UPDATE checks_historicalcheck SET status = 'new' WHERE id = %s AND version = 2",
        "version 2: the history record has status 'new', the events 'rendered'",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_it_finds(name: str, printed: Check, forge: Any) -> None:
    sql, complaint = FORGERIES[name]
    forge(sql, [printed.pk])

    code, said = verify()

    assert code == 1
    assert complaint in said
    assert f"check {printed.pk}" in said


BADGE_FORGERIES = {
    **{
        name: sql
        for name, (sql, _) in FORGERIES.items()
        if name
        in {
            "a changed payload",
            "a changed actor",
            "a missing last event",
            "an event that the feed has too early",
            "a changed cached status",
            "a changed order",
            "a check moved to another printer",
            "a history record with another reason",
            "a missing history record",
            "a changed history record",
        }
    },
    "a changed hash": "UPDATE events_event SET hash = decode(repeat('00', 32), 'hex') "
    "WHERE check_id = %s AND version = 4",
    "a changed salt": "UPDATE checks_check SET order_salt = decode(repeat('00', 16), 'hex') WHERE id = %s",
}


def badge(client: Client, check: Check) -> str:
    """Return what the badge on the check's page says."""
    page = client.get(f"/admin/checks/check/{check.pk}/change/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    return re.findall(r"events, status and history (agree|disagree)", page)[0]


@pytest.mark.parametrize("name", BADGE_FORGERIES)
def test_it_agrees_with_the_badge_on_the_checks_page(
    name: str, printed: Check, forge: Any, admin_client: Client
) -> None:
    assert (verify()[0], badge(admin_client, printed)) == (0, "agree")

    forge(BADGE_FORGERIES[name], [printed.pk])

    assert (verify()[0], badge(admin_client, printed)) == (1, "disagree")


def test_it_has_every_difference_in_words_on_the_checks_page(
    printed: Check, forge: Any, admin_client: Client
) -> None:
    forge(BADGE_FORGERIES["a changed hash"], [printed.pk])

    page = admin_client.get(f"/admin/checks/check/{printed.pk}/change/", HTTP_ACCEPT_LANGUAGE="ru")

    assert "Версия 4: событие «напечатан» не соответствует своему хешу" in page.content.decode()


def test_it_finds_events_of_a_check_that_is_gone(printed: Check) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # leaves the foreign key unguarded
        cursor.execute("DELETE FROM checks_check WHERE id = %s", [printed.pk])

    code, said = verify()

    assert (code, f"check {printed.pk}: the check's row is missing" in said) == (1, True)


def test_it_verifies_moments_of_any_precision(printers: Any, order: Any) -> None:
    for number, microsecond in enumerate([0, 1, 10, 120_000, 123_456, 999_999], start=1):
        now = NOW.replace(microsecond=microsecond)
        services.create_checks(order={**order, "id": number}, actor=Actor.order_system(), now=now)

    code, said = verify()

    assert (code, "12 checks, 12 events, 0 differences." in said) == (0, True)


def test_it_looks_at_single_checks(printed: Check) -> None:
    out = StringIO()

    call_command("verify_events", str(printed.pk), quiet=True, stdout=out)

    assert out.getvalue() == "1 checks, 4 events, 0 differences.\n"


def test_it_finds_nothing_of_a_check_that_never_was(db: None) -> None:
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_events", "999999", quiet=True, stdout=out)

    assert "check 999999: there is nothing of this check" in out.getvalue()


def test_it_knows_who_acted_for_the_history(created: list[Check], staff: Actor) -> None:
    services.mark_failed(check_id=created[0].pk, reason="x", actor=staff, now=NOW)

    assert verify()[0] == 0


def test_it_is_content_with_numbers_that_jsonb_writes_differently(printers: Any, order: Any) -> None:
    odd = {"discount": 0.1, "far": 1e300, "zero": -0.0, "small": 1e-7, "whole": 2.0, "big": 2**70}
    services.create_checks(order={**order, **odd}, actor=Actor.order_system(), now=NOW)

    assert verify()[0] == 0


def rebuild(**options: Any) -> str:
    out = StringIO()
    call_command("rebuild_checks", quiet=True, stdout=out, **options)
    return out.getvalue()


def test_it_is_satisfied_after_rebuild_checks(printed: Check, forge: Any) -> None:
    forge("UPDATE checks_check SET status = 'new', pdf_file = '', version = 1 WHERE id = %s", [printed.pk])
    records = Check.history.count()

    assert "1 checks were rewritten" in rebuild()

    assert verify()[0] == 0
    assert Check.history.count() == records


def test_it_still_complains_after_a_dry_run_of_rebuild_checks(printed: Check, forge: Any) -> None:
    forge("UPDATE checks_check SET status = 'new' WHERE id = %s", [printed.pk])

    said = rebuild(dry_run=True)

    assert f"check {printed.pk}: status: 'new' → 'printed'" in said
    assert verify()[0] == 1


def test_it_leaves_a_check_whose_events_do_not_verify_to_a_person(printed: Check, forge: Any) -> None:
    forge("UPDATE checks_check SET status = 'new' WHERE id = %s", [printed.pk])
    forge("UPDATE events_event SET actor = 'nobody' WHERE check_id = %s AND version = 3", [printed.pk])
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("rebuild_checks", quiet=True, stdout=out)

    assert f"check {printed.pk}: status: 'new' → 'printed' (left alone)" in out.getvalue()
    assert "0 checks were rewritten.\n1 checks were left alone" in out.getvalue()
    printed.refresh_from_db()
    assert printed.status == "new"

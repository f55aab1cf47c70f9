"""The page of a check …"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from checks import services
from checks.admin.check.selectors import timeline_of
from checks.integrity.verification import differences_of
from checks.models import Check
from foundation.context import Actor
from printers.models import PrinterPresence
from tests.conftest import NOW
from tests.support.helpers import expire_leases, record_render
from tests.support.owner import without_triggers

CHECKS = "/admin/checks/check/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
LATER = NOW + timedelta(minutes=10)


def page_of(client: Client, check: Check, query: str = "", **headers: str) -> str:
    response = client.get(f"{CHECKS}{check.pk}/change/{query}", **(headers or ENGLISH))  # type: ignore[arg-type]
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def offered(page: str) -> list[str]:
    return re.findall(r"/act/(\w+)/", page)


@pytest.fixture
def unconfirmed(check: Check, printers: Any) -> Check:
    services.download_check(printer=printers["key1"], check_id=check.pk, now=NOW + timedelta(seconds=5))
    expire_leases(LATER)
    check.refresh_from_db()
    return check


@pytest.fixture
def viewer(client: Client, django_user_model: Any) -> Client:
    """Somebody who may look at everything but personal data, and change nothing."""
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    allowed = Permission.objects.filter(codename__startswith="view_").exclude(codename="view_personal_data")
    user.user_permissions.set(allowed)
    client.force_login(user)
    return client


def test_it_tells_what_happened_in_order_and_by_whom(staff_client: Client, unconfirmed: Check) -> None:
    page = page_of(staff_client, unconfirmed)

    told = ["created", "rendered", "fetched by the printer", "failed"]
    assert re.findall(r'<strong><a href="/admin/events/event/\d+/change/">([^<]+)</a>', page) == told
    assert "<span>an order system</span>" in page
    assert "<span>worker w</span>" in page
    assert f"<span>printer {unconfirmed.printer.name}</span>" in page
    assert "<span>the sweeper</span>" in page
    assert "status: new → rendered" in page
    assert page.index("+ 9 min 55 s") < page.index("slowest step")


def test_it_draws_the_waits_to_scale(staff_client: Client, unconfirmed: Check) -> None:
    widths = re.findall(r"width: ([\d.]+)%", page_of(staff_client, unconfirmed, HTTP_ACCEPT_LANGUAGE="ru"))

    assert widths == ["0.833", "99.167"]  # 5 s until it was fetched, 595 s without a confirmation


def test_it_says_what_now_with_live_facts(staff_client: Client, check: Check) -> None:
    PrinterPresence.objects.create(printer=check.printer, last_seen_at=NOW)

    sentence = f"Waiting for printer {check.printer.name}, which was last seen "
    assert sentence in page_of(staff_client, check)


def test_it_says_that_its_pdf_was_lost(staff_client: Client, check: Check) -> None:
    default_storage.delete(str(check.pdf_file.name or "pdf/123456_kitchen.pdf"))

    page = page_of(staff_client, check)

    assert "Its PDF is missing from the storage" in page
    assert "<iframe" not in page


def test_it_shows_the_pdf_beside_what_was_ordered(staff_client: Client, check: Check) -> None:
    page = page_of(staff_client, check)

    assert f'<iframe class="ff-pdf" src="{CHECKS}{check.pk}/pdf/" title="123456_kitchen.pdf"' in page
    for text in ("Вкусная пицца", "2 × 250", "780", "Иван", "9173332222", "ул. Ленина"):
        assert text in page


def test_it_hides_the_client_from_those_who_may_not_see_personal_data(
    viewer: Client, created: list[Check], django_user_model: Any
) -> None:
    record_render("client", now=NOW)
    record_render("kitchen", now=NOW)
    kitchen, client_check = created

    page = page_of(viewer, client_check)

    assert "Вкусная пицца" in page
    for text in ("Иван", "9173332222", "ул. Ленина", "<iframe"):
        assert text not in page
    assert viewer.get(f"{CHECKS}{client_check.pk}/pdf/").status_code == 403
    response = viewer.get(f"{CHECKS}{kitchen.pk}/pdf/")  # the kitchen's has nobody's name on it
    assert response.status_code == 200
    response.close()


def test_it_shows_the_client_to_those_who_may_see_personal_data(
    viewer: Client, created: list[Check], django_user_model: Any
) -> None:
    allowed, _ = Permission.objects.get_or_create(
        codename="view_personal_data", content_type=ContentType.objects.get_for_model(Check)
    )
    django_user_model.objects.get(username="viewer").user_permissions.add(allowed)

    assert "ул. Ленина" in page_of(viewer, created[1])


def test_it_offers_what_the_state_allows_to_those_who_may_act(
    staff_client: Client, viewer: Client, unconfirmed: Check
) -> None:
    assert offered(page_of(staff_client, unconfirmed)) == ["reprint", "printed", "retry"]
    assert offered(page_of(viewer, unconfirmed)) == []


def test_it_shows_the_check_as_of_a_version(staff_client: Client, unconfirmed: Check) -> None:
    page = page_of(staff_client, unconfirmed, "?version=2")

    assert "The check as of version 2" in page
    assert "events, status and history agree" in page
    assert "fetched by the printer" not in page
    assert offered(page) == []
    assert "<td>rendered</td><td>rendered</td>" in page


@pytest.mark.parametrize("version", ["0", "99", "x", "-1", "²", "9" * 40])
def test_it_is_as_it_is_now_for_a_version_that_is_not_there(
    staff_client: Client, check: Check, version: str
) -> None:
    page = page_of(staff_client, check, f"?version={version}")

    assert "What now" in page
    assert 'id="as-of-version" name="version" required type="number"' in page
    assert 'aria-describedby="as-of-version-error"' in page
    assert ("versions 1 to 2: choose one of them" in page) != ("Write the version as a whole number" in page)


def test_it_says_where_the_cached_status_is_not_what_the_events_say(
    staff_client: Client, check: Check
) -> None:
    assert "events, status and history agree" in page_of(staff_client, check)

    Check.objects.filter(pk=check.pk).update(status="printed")

    page = page_of(staff_client, check)
    assert "events, status and history disagree" in page
    assert "status: rendered by the events, printed in the list of checks" in page


def test_it_says_where_the_history_is_not_what_the_events_say(staff_client: Client, check: Check) -> None:
    Check.history.filter(id=check.pk, version=1).delete()
    Check.history.filter(id=check.pk, version=2).update(status="failed")

    page = page_of(staff_client, check)

    assert "The history has no record of this event." in page
    assert "status: rendered by the events, failed in the history" in page
    assert "≠ no" in page_of(staff_client, check, "?version=2").replace("</strong>", "").replace(
        '<strong class="ff-differs">', ""
    )


def test_it_agrees_with_every_row_that_the_services_write(unconfirmed: Check, staff: Actor) -> None:
    services.reprint_check(check_id=unconfirmed.pk, reason="r", actor=staff, now=LATER)
    services.mark_printed(check_id=unconfirmed.pk, actor=staff, now=LATER)
    unconfirmed.refresh_from_db()

    steps = timeline_of(unconfirmed).steps
    assert [step.agrees for step in steps] == [True] * 6
    assert differences_of(unconfirmed.pk) == []


def test_it_has_an_answer_for_a_log_that_makes_no_sense(staff_client: Client, check: Check) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with without_triggers():
        check.events.filter(version=1).update(type="invented")

    page = page_of(staff_client, check)

    assert "The events of this check make no sense" in page
    assert page.count("This event or an earlier one cannot be applied.") == 2
    assert page_of(staff_client, check, "?version=2")


def test_it_takes_as_many_queries_for_many_events_as_for_few(
    staff_client: Client, unconfirmed: Check, staff: Actor, django_assert_num_queries: Any
) -> None:
    services.reprint_check(check_id=unconfirmed.pk, reason="r", actor=staff, now=LATER)
    page_of(staff_client, unconfirmed)  # fills the cache of content types

    # session, user, check; events, history; printers and staff that acted; and for the verification
    # a snapshot (two statements) with check, events, history, archive
    with django_assert_num_queries(13):
        page_of(staff_client, unconfirmed)
    for number in range(10):
        services.mark_printed(check_id=unconfirmed.pk, actor=staff, now=LATER)
        services.reprint_check(check_id=unconfirmed.pk, reason=f"{number}", actor=staff, now=LATER)
    with django_assert_num_queries(13):
        page_of(staff_client, unconfirmed)

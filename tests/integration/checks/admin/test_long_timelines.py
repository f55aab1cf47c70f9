"""The page of a check whose printer has fetched it thousands of times …"""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from checks import services
from checks.admin.check.timeline import STEPS_PER_PAGE
from checks.models import Check
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


def download_again(check: Check, times: int) -> None:
    """Add the events and the history records of repeated downloads, as the services write them, at once."""
    first = check.version + 1
    versions = range(first, first + times)
    record = Check.history.get(id=check.pk, version=check.version)
    Event.objects.bulk_create(
        Event(
            stream=check,
            version=version,
            type="downloaded",
            data={"attempt": version, "lease_expires_at": None},
            actor=f"printer:{check.printer_id}",
            correlation_id=uuid4(),
            occurred_at=NOW + version * SECOND,
            event_uid=uuid4(),
            hash=b"h" * 32,
            prev_hash=b"h" * 32,
        )
        for version in versions
    )
    for version in versions:
        record.pk, record.version, record.history_date = None, version, NOW + version * SECOND
        record.save()
    check.version = versions[-1]
    Check.objects.filter(pk=check.pk).update(version=check.version)


@pytest.fixture
def check(check: Check, staff: Actor) -> Check:
    """Printed, and fetched ever since."""
    services.mark_printed(check_id=check.pk, actor=staff, now=NOW + 3 * SECOND)
    check.refresh_from_db()
    download_again(check, 3 * STEPS_PER_PAGE)
    return check


def page_of(client: Client, address: str) -> str:
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def steps(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="ff-step" id="v(\d+)"', page)]


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<a[^>]* href="(\?[^"#]*)#timeline">([^<]+)</a>', page)
    return {text: address.replace("&amp;", "&") for address, text in found}


@pytest.fixture
def address(check: Check) -> str:
    return f"/admin/checks/check/{check.pk}/change/"


def test_it_shows_the_newest_steps_and_leads_to_the_others(
    staff_client: Client, check: Check, address: str
) -> None:
    newest = check.version
    page = page_of(staff_client, address)

    assert steps(page) == list(range(newest - STEPS_PER_PAGE + 1, newest + 1))
    assert f"Steps {newest - STEPS_PER_PAGE + 1} to {newest} of {newest}" in page
    assert set(links(page)) == {"the beginning", "earlier steps"}
    assert steps(page_of(staff_client, address + links(page)["the beginning"])) == list(
        range(1, STEPS_PER_PAGE + 1)
    )


def test_it_shows_every_step_on_the_way_back_and_forth(
    staff_client: Client, check: Check, address: str
) -> None:
    seen, query = [], ""
    while True:
        page = page_of(staff_client, address + query)
        seen = steps(page) + seen
        if "earlier steps" not in links(page):
            break
        query = links(page)["earlier steps"]
    assert seen == list(range(1, check.version + 1))

    page = page_of(staff_client, address + "?to=1")
    forth = steps(page)
    while "later steps" in links(page):
        page = page_of(staff_client, address + links(page)["later steps"])
        forth += steps(page)
    assert list(dict.fromkeys(forth)) == list(range(1, check.version + 1))


def test_it_keeps_the_mode_on_the_way(staff_client: Client, check: Check, address: str) -> None:
    moment = (NOW + 250 * SECOND).isoformat()
    for mode in ({"version": "250"}, {"at": moment}):
        shown = staff_client.get(address, mode, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        page = page_of(staff_client, address + links(re.sub(r"\s+", " ", shown))["earlier steps"])

        assert steps(page) == list(range(51, 151))
        assert "version 250" in page
        assert steps(page_of(staff_client, address + links(page)["the newest steps"])) == list(
            range(151, 251)
        )


def test_it_says_of_the_whole_check_what_is_true_whichever_steps_are_shown(
    staff_client: Client, check: Check, address: str
) -> None:
    Check.history.filter(id=check.pk, version=150).update(status="failed")

    for query in ("", "?to=10", "?to=1"):
        page = page_of(staff_client, address + query)
        assert "Marked as printed by staff" in page
        assert "events, status and history disagree" in page
        assert "waiting for the printer to fetch it: <strong>3.0 s</strong>" in page
    assert "failed in the history" in page_of(staff_client, address + "?to=150")


@pytest.mark.parametrize("to", ["0", "-1", "x", "²", "9" * 40, ""])
def test_it_has_an_answer_for_steps_that_are_not_there(
    staff_client: Client, check: Check, address: str, to: str
) -> None:
    page = page_of(staff_client, f"{address}?to={to}")

    assert steps(page)[-1] in {1, check.version}


def test_it_takes_as_many_queries_as_for_a_short_one(
    staff_client: Client, check: Check, address: str, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        page_of(staff_client, address)  # at first also: content types
        # session, user, check; events, history; printers and staff that acted (or only printers are shown);
        # and for the verification a snapshot (two statements) with check, events, history, archive
        with django_assert_num_queries(12):
            page_of(staff_client, address)
        download_again(check, STEPS_PER_PAGE)


def test_its_order_has_a_page_of_the_same_length(staff_client: Client, check: Check) -> None:
    page = page_of(staff_client, f"/admin/checks/check/order/{check.order_id}/")

    assert page.count("fetched by the printer <strong>") == STEPS_PER_PAGE
    assert f"the newest {STEPS_PER_PAGE} of {check.version} events" in page

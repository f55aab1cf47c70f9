"""The page of a check as of a moment …"""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import record_render

RENDERED_AT = NOW + timedelta(seconds=5, microseconds=123_456)
PRINTED_AT = NOW + timedelta(minutes=1)


@pytest.fixture
def check(created: list[Check], staff: Actor) -> Check:
    record_render(now=RENDERED_AT)
    services.mark_printed(check_id=created[0].pk, actor=staff, now=PRINTED_AT)
    created[0].refresh_from_db()
    return created[0]


def page_of(client: Client, check: Check, **query: Any) -> str:
    response = client.get(f"/admin/checks/check/{check.pk}/change/", query, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def version_shown(page: str) -> int | None:
    found = re.search(r"The check at [\d.: ]+: version (\d+)", page)
    return int(found[1]) if found else None


@pytest.mark.parametrize(
    ("at", "version"),
    [
        (NOW, 1),
        (RENDERED_AT - timedelta(microseconds=1), 1),
        (RENDERED_AT, 2),
        (RENDERED_AT + timedelta(microseconds=1), 2),
        (PRINTED_AT - timedelta(milliseconds=1), 2),
        (PRINTED_AT, 3),
        (PRINTED_AT + timedelta(days=1), 3),
    ],
    ids=str,
)
def test_it_shows_what_had_happened_until_then(
    staff_client: Client, check: Check, at: datetime, version: int
) -> None:
    page = page_of(staff_client, check, at=at.isoformat())

    assert version_shown(page) == version
    assert page.count('class="ff-step"') == version
    assert "events, status and history agree" in page
    assert "What now" not in page


def test_it_takes_a_moment_as_the_page_shows_it_for_that_moment(staff_client: Client, check: Check) -> None:
    assert ".123</span>" in page_of(staff_client, check)

    assert version_shown(page_of(staff_client, check, at="2026-01-15T15:00:05.123")) == 2
    assert version_shown(page_of(staff_client, check, at="2026-01-15T15:00:05.122")) == 1


@pytest.mark.parametrize(
    "at",
    ["2026-01-15T15:00:30", "2026-01-15 15:00:30", "2026-01-15T12:00:30Z", "2026-01-15T17:00:30+05:00"],
)
def test_it_takes_the_zone_of_the_service_where_no_offset_is_given(
    staff_client: Client, check: Check, at: str
) -> None:
    page = page_of(staff_client, check, at=at)

    assert "The check at 15.01.2026 15:00:30.000000: version 2" in page
    assert 'value="2026-01-15T15:00:30.000"' in page


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("yesterday", "Write the moment as 2026-01-15T15:00:05"),
        ("2026-02-30T00:00", "Write the moment as 2026-01-15T15:00:05"),
        ("2026-01-15T15:00:05+16:00", "Write the moment as 2026-01-15T15:00:05"),
        ("2026-01-15T15:00:05+99:00", "Write the moment as 2026-01-15T15:00:05"),
        ("2026-01-15T14:59:59.999", "choose 15.01.2026 15:00:00.000, when it was created, or later"),
        ("0001-01-01T00:00", "when it was created, or later"),
        ("9999-12-31T23:59", "This moment is in the future"),
        ("\x00", "Write the moment as 2026-01-15T15:00:05"),
        ("<b>", "Write the moment as 2026-01-15T15:00:05"),
    ],
)
def test_it_says_beside_the_field_what_to_do(
    staff_client: Client, check: Check, at: str, problem: str
) -> None:
    page = page_of(staff_client, check, at=at)

    said = page.split('id="as-of-at-error"')[1].split("</p>")[0]
    assert problem in said
    assert 'aria-invalid="true" aria-describedby="as-of-at-error"' in page
    assert "What now" in page, "the check as it is now"
    assert "<b>" not in said


def test_it_takes_a_version_or_a_moment(staff_client: Client, check: Check) -> None:
    page = page_of(staff_client, check, at=NOW.isoformat(), version="2")

    assert "Choose a version or a moment, not both." in page
    assert "What now" in page


def test_it_offers_a_form_with_the_moment_of_now(staff_client: Client, check: Check) -> None:
    shown = re.search(r'type="datetime-local" step="0.001" value="([^"]+)"', page_of(staff_client, check))

    assert shown is not None
    assert datetime.fromisoformat(shown[1]) <= datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(
        days=1
    )
    assert version_shown(page_of(staff_client, check, at=shown[1])) == 3


def test_it_has_the_history_record_of_that_moment_beside_it(staff_client: Client, check: Check) -> None:
    """A record that says of itself another time than its event is found by its own."""
    Check.history.filter(id=check.pk, version=2).update(history_date=PRINTED_AT + timedelta(hours=1))

    page = page_of(staff_client, check, at=RENDERED_AT.isoformat())

    assert version_shown(page) == 2
    assert "<td>rendered</td><td>new</td>" in page
    assert "events, status and history disagree" in page


def test_it_says_that_there_was_no_history_record(staff_client: Client, check: Check) -> None:
    Check.history.filter(id=check.pk).delete()

    page = page_of(staff_client, check, at=NOW.isoformat())

    assert "<td>new</td><td>–</td>" in page
    assert "events, status and history disagree" in page


def test_it_measures_until_the_asked_moment(staff_client: Client, check: Check) -> None:
    page = page_of(staff_client, check, at=(NOW + timedelta(seconds=4)).isoformat())

    assert "waiting for its PDF: <strong>4.0 s</strong>" in page


def test_it_takes_a_fixed_number_of_queries(
    staff_client: Client, check: Check, staff: Actor, django_assert_num_queries: Any
) -> None:
    page_of(staff_client, check)  # fills the cache of content types

    for number in range(3):
        # session, user, check; the version and the record of the moment; events, history; staff that acted
        with django_assert_num_queries(8):
            page_of(staff_client, check, at=(PRINTED_AT + timedelta(hours=number)).isoformat())
        # session, user, check; is there this version; events, history; staff that acted
        with django_assert_num_queries(7):
            page_of(staff_client, check, version=3 + 2 * number)
        services.reprint_check(check_id=check.pk, reason="x", actor=staff, now=PRINTED_AT)
        services.mark_printed(check_id=check.pk, actor=staff, now=PRINTED_AT)

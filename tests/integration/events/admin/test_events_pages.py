"""The admin of events …"""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from events.log.filters import EventFilterSet
from events.models import Event
from tests.support.helpers import plan_of

LIST = "/admin/events/event/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["rendered", "created", "created"]),
        ({"f-type": "rendered"}, ["rendered"]),
        ({"f-actor": "worker"}, ["rendered"]),
        ({"f-actor": "order_system"}, ["created", "created"]),
        ({"f-order": "123456"}, ["rendered", "created", "created"]),
        ({"f-order": "1"}, []),
        ({"f-printer": "1"}, ["rendered", "created"]),
        ({"f-since": "2026-01-15", "f-until": "2026-01-16"}, ["rendered", "created", "created"]),
        ({"f-since": "2026-01-15T15:00", "f-until": "2026-01-15T15:01"}, ["rendered", "created", "created"]),
        ({"f-until": "2026-01-15T12:00Z"}, []),
        ({"f-pattern": "quiet_after_rendered", "f-since": "2026-01-15"}, ["rendered", "created"]),
        ({"f-pattern": "quiet_after_rendered"}, []),
        ({"f-pattern": "failed_twice_then_printed", "f-since": "2026-01-15"}, []),
        ({"f-since": "2026-01-16"}, []),
    ],
    ids=str,
)
def test_it_lists_what_is_asked_for(
    staff_client: Client, check: Check, query: Any, expected: list[str]
) -> None:
    response = staff_client.get(LIST, query)

    assert [event.type for event in response.context["cl"].result_list] == expected


@pytest.mark.parametrize("field", ["check", "order", "printer"])
@pytest.mark.parametrize("number", ["-1", "-1e99999", "1e99999", "-inf", "nan"])
def test_it_refuses_numbers_before_they_become_long_ones(field: str, number: str) -> None:
    assert list(EventFilterSet({field: number}).form.errors) == [field]


@pytest.mark.parametrize("moment", ["3191-02-21T13:19:09-23:32", "2026-01-01T00:00+16:00"])
def test_it_refuses_offsets_that_the_database_refuses(
    staff_client: Client, check: Check, moment: str
) -> None:
    response = staff_client.get("/admin/events/event/", {"f-since": moment, "f-until": moment})

    assert response.status_code == 200
    assert not EventFilterSet({"since": "2026-01-01T00:00+15:59"}).errors
    assert set(EventFilterSet({"since": moment, "until": moment}).errors) == {"since", "until"}


def test_it_lists_the_events_of_a_check_and_of_a_request(staff_client: Client, check: Check) -> None:
    event = Event.objects.get(type="rendered")

    by_check = staff_client.get(LIST, {"f-check": check.pk}).context["cl"].result_list
    by_request = staff_client.get(LIST, {"f-request": event.correlation_id}).context["cl"].result_list

    assert [each.type for each in by_check] == ["rendered", "created"]
    assert event in by_request


def test_it_shows_an_event_with_its_data(staff_client: Client, check: Check) -> None:
    event = Event.objects.get(type="rendered")

    page = staff_client.get(f"{LIST}{event.pk}/change/").content.decode()

    assert "kitchen@0" in page
    assert bytes(event.hash).hex() in page


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_it_lets_nobody_add_or_delete(staff_client: Client, check: Check, page: str) -> None:
    pk = Event.objects.values_list("pk", flat=True).first()

    assert staff_client.get(LIST + page.format(pk=pk)).status_code == 403


def test_it_lets_nobody_change(staff_client: Client, check: Check) -> None:
    event = Event.objects.get(type="rendered")

    response = staff_client.post(f"{LIST}{event.pk}/change/", {"type": "printed"})

    assert response.status_code == 403


@pytest.mark.parametrize("page", ["", "{pk}/change/"])
def test_it_leads_to_the_check_and_to_all_events_of_the_request(
    staff_client: Client, check: Check, page: str
) -> None:
    event = Event.objects.get(stream=check, type="created")
    of_request = f"{LIST}?f-request={event.correlation_id}"

    shown = staff_client.get(LIST + page.format(pk=event.pk)).content.decode()

    assert f"/admin/checks/check/{check.pk}/change/" in shown
    assert of_request in shown
    events = staff_client.get(of_request).context["cl"].result_list
    assert {each.correlation_id for each in events} == {event.correlation_id}
    assert len({each.stream_id for each in events}) == 2, "the order's other check came with the same request"


def test_it_leads_to_all_events_of_the_check(staff_client: Client, check: Check) -> None:
    event = Event.objects.get(type="rendered")

    page = staff_client.get(f"{LIST}{event.pk}/change/").content.decode()

    assert f"{LIST}?f-check={check.pk}" in page


def test_it_offers_the_courses_that_staff_ask_for(staff_client: Client, check: Check) -> None:
    views = staff_client.get(LIST).context["saved_views"]

    for view in views:
        assert staff_client.get(LIST + view["address"]).status_code == 200
    assert "?f-pattern=quiet_after_rendered" in [view["address"] for view in views]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"type": "failed"}, "events_event_type"),
        ({"request": "8d7e6f8a-0000-4000-8000-000000000000"}, "events_event_correlation"),
        ({"check": 1}, "events_event_stream_version"),
        ({"order": 123456}, "checks_check_"),  # so few rows that any of their indexes may win
        ({"since": "2026-01-15T12:00", "until": "2026-01-15T13:00"}, "events_event_"),
    ],
    ids=str,
)
def test_it_has_an_index_to_go_by(check: Check, asked: Any, index: str) -> None:
    plan = plan_of(EventFilterSet(asked, queryset=Event.objects.all()).qs)

    assert index in plan, plan
    assert "Seq Scan" not in plan, plan


def test_it_names_events_and_their_filter_in_the_language_of_the_reader(
    staff_client: Client, check: Check
) -> None:
    russian = staff_client.get(LIST).content.decode()
    english = staff_client.get(LIST, headers={"Accept-Language": "en"}).content.decode()

    for page, name in ((russian, "забран принтером"), (english, "fetched by the printer")):
        assert f'<option value="downloaded">{name}</option>' in page
    assert "готов к печати" in russian

"""The admin of events …"""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from events.models import Event

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
        ({"f-since": "2026-01-15", "f-until": "2026-01-15"}, ["rendered", "created", "created"]),
        ({"f-since": "2026-01-16"}, []),
    ],
    ids=str,
)
def test_it_lists_what_is_asked_for(
    staff_client: Client, check: Check, query: Any, expected: list[str]
) -> None:
    response = staff_client.get(LIST, query)

    assert [event.type for event in response.context["cl"].result_list] == expected


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

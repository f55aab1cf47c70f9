"""A list of the admin …"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checks import services
from checks.models import Check
from events.models import Event
from foundation.admin import changelist
from foundation.admin.lists import UncountedList
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW

CHECKS, EVENTS, PRINTERS = "/admin/checks/check/", "/admin/events/event/", "/admin/printers/printer/"
LISTS = [CHECKS, EVENTS, PRINTERS]


@pytest.fixture
def checks(printers: Any, order: Any) -> list[Check]:
    """Two checks each of ten orders, the newest first."""
    for number in range(10):
        services.create_checks(order={**order, "id": number + 1}, actor=Actor.order_system(), now=NOW)
    return list(Check.objects.order_by("-id"))


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UncountedList, "list_per_page", 5)


def shown(client: Client, address: str, **query: Any) -> list[int]:
    response = client.get(address, query)
    assert response.status_code == 200
    return [each.pk for each in response.context["cl"].result_list]


@pytest.mark.parametrize(("address", "queries"), [(CHECKS, 4), (EVENTS, 4), (PRINTERS, 3)])
def test_it_takes_a_fixed_number_of_queries_and_counts_nothing(
    staff_client: Client, checks: list[Check], address: str, queries: int
) -> None:
    staff_client.get(address)  # fills the cache of content types

    with CaptureQueriesContext(
        connection,
    ) as captured:
        staff_client.get(address)

    statements = [each["sql"] for each in captured.captured_queries]
    assert len(statements) == queries, statements
    assert not [each for each in statements if "COUNT(" in each.upper()]


def test_it_goes_on_over_pages(staff_client: Client, checks: list[Check], short_pages: None) -> None:
    pages = [shown(staff_client, CHECKS, p=number) for number in (1, 2, 3, 4)]

    assert [pk for page in pages for pk in page] == [check.pk for check in checks]
    assert [len(page) for page in pages] == [5, 5, 5, 5]


def test_it_links_the_next_page_while_there_is_one(
    staff_client: Client, checks: list[Check], short_pages: None
) -> None:
    def links(number: int) -> tuple[bool, bool]:
        page = staff_client.get(CHECKS, {"p": number}).content.decode()
        return 'rel="prev"' in page, 'rel="next"' in page

    assert [links(1), links(2), links(4)] == [(False, True), (True, True), (True, False)]


def test_it_keeps_the_filter_on_the_next_page(
    staff_client: Client, checks: list[Check], short_pages: None
) -> None:
    page = staff_client.get(CHECKS, {"f-type": "client"}).content.decode()

    assert "?f-type=client&amp;p=2" in page


def test_it_ends_where_reading_on_would_be_slow(
    staff_client: Client, checks: list[Check], short_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changelist, "MAX_PAGE", 2)

    page = staff_client.get(CHECKS, {"p": 2}).content.decode()

    assert 'rel="next"' not in page
    assert "фильтры" in page
    assert staff_client.get(CHECKS, {"p": 3}).status_code == 302


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999"])
def test_it_has_an_answer_for_a_page_that_is_not_there(
    staff_client: Client, checks: list[Check], number: str
) -> None:
    assert staff_client.get(CHECKS, {"p": number}).status_code in {200, 302}


@pytest.mark.parametrize("ticked", ["x", "\0", "", "9" * 30, "²"])
def test_it_acts_on_nothing_that_can_be_no_row(staff_client: Client, db: None, ticked: str) -> None:
    form = {"action": "mark_failed", "_selected_action": [ticked]}

    assert staff_client.post("/admin/checks/check/", form).status_code == 302


def test_it_acts_on_what_was_ticked_and_never_on_everything(
    staff_client: Client, checks: list[Check], short_pages: None
) -> None:
    page = staff_client.get(CHECKS).content.decode()
    form = {"action": "mark_failed", "_selected_action": [checks[0].pk], "select_across": "1"}

    staff_client.post(CHECKS, form)

    assert list(Event.objects.filter(type="failed").values_list("stream_id", flat=True)) == [checks[0].pk]
    assert "question" not in page


@pytest.mark.parametrize("address", LISTS)
def test_it_says_what_would_be_here(staff_client: Client, address: str) -> None:
    Printer.objects.all().delete()

    page = staff_client.get(address).content.decode()

    assert "Здесь пока ничего нет" in page
    assert any(words in page for words in ("По каждому заказу", "Всё, что происходит", "Принтеры всех точек"))


def test_it_says_that_nothing_matches(staff_client: Client, checks: list[Check]) -> None:
    page = staff_client.get(CHECKS, {"f-point": 99}).content.decode()

    assert "Ничего не подходит" in page
    assert "Здесь пока ничего нет" not in page

"""The page of an order …"""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import record_render

PAGE = "/admin/checks/check/order/123456/"
ENGLISH = {"Accept-Language": "en"}


def test_it_has_all_checks_on_one_axis(staff_client: Client, created: list[Check], staff: Actor) -> None:
    kitchen, client_check = created
    record_render("kitchen", now=NOW + timedelta(seconds=1))
    services.mark_printed(check_id=kitchen.pk, actor=staff, now=NOW + timedelta(seconds=4))
    record_render("client", now=NOW + timedelta(seconds=6))
    services.mark_printed(check_id=client_check.pk, actor=staff, now=NOW + timedelta(seconds=10))

    page = staff_client.get(PAGE, headers=ENGLISH).content.decode()

    for check in created:
        assert f'href="/admin/checks/check/{check.pk}/change/"' in page
    assert re.findall(r"left: ([\d.]+)%; width: ([\d.]+)%", page) == [
        ("0.000", "10.000"),
        ("10.000", "30.000"),
        ("0.000", "60.000"),
        ("60.000", "40.000"),
    ]
    assert "printed <strong>+ 10 s</strong>" in page


def test_it_is_reached_from_each_check(staff_client: Client, created: list[Check]) -> None:
    for check in created:
        assert PAGE in staff_client.get(f"/admin/checks/check/{check.pk}/change/").content.decode()


def test_it_is_not_there_for_an_order_that_nobody_knows(staff_client: Client, created: list[Check]) -> None:
    for order_id in (1, 2**70):
        assert staff_client.get(f"/admin/checks/check/order/{order_id}/").status_code == 404


def test_it_shows_nothing_of_the_client(staff_client: Client, created: list[Check]) -> None:
    page = staff_client.get(PAGE).content.decode()

    assert not [text for text in ("Иван", "9173332222", "Ленина") if text in page]


def test_it_takes_four_queries(
    staff_client: Client, created: list[Check], staff: Actor, django_assert_num_queries: Any
) -> None:
    for check in created:
        services.mark_failed(check_id=check.pk, reason="x", actor=staff, now=NOW)
    # session, user; checks, events
    with django_assert_num_queries(4):
        staff_client.get(PAGE)

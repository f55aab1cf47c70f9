"""GET /new_checks/ …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.calls import answer_of, download, listed, nothing_written, refusal_of
from tests.support.helpers import expire_leases


def test_it_lists_what_is_rendered_for_this_printer(api: Client, rendered: Check) -> None:
    with nothing_written():
        response = api.get("/new_checks/", {"api_key": "key1"})

    assert answer_of(response) == {"checks": [{"id": rendered.pk}]}


def test_it_lists_the_oldest_first(api: Client, rendered_for: Callable[..., Check]) -> None:
    ids = [rendered_for("key1", order_id=order_id).pk for order_id in (30, 10, 20)]

    assert listed(api, "key1") == ids


def test_it_lists_500_at_most(api: Client, rendered: Check) -> None:
    copies = [
        Check(
            printer_id=1,
            type="kitchen",
            order={},
            order_salt=b"",
            order_id=order_id,
            status="rendered",
            status_changed_at=NOW,
        )
        for order_id in range(1, 502)
    ]
    ids = [check.pk for check in Check.objects.bulk_create(copies)]

    assert listed(api, "key1") == [rendered.pk, *ids][:500]


@pytest.mark.parametrize("other", ["key2", "key3", "key8"])
def test_it_lists_nothing_of_another_printer(api: Client, rendered: Check, other: str) -> None:
    assert rendered.pk not in listed(api, other)


def test_it_lists_nothing_before_it_is_rendered(api: Client, created: list[Check]) -> None:
    assert listed(api, "key1") == []


@pytest.mark.parametrize("api_key", ["key1", "key4", "key6"], ids=["confirm", "resend", "download"])
def test_it_leaves_out_what_was_taken(api: Client, rendered_for: Callable[..., Check], api_key: str) -> None:
    check = rendered_for(api_key)

    download(api, api_key, check)

    assert listed(api, api_key) == []


def test_it_offers_an_unconfirmed_check_again_to_a_printer_that_resends(
    api: Client, rendered_for: Callable[..., Check]
) -> None:
    check = rendered_for("key4")
    download(api, "key4", check)

    expire_leases(now=timezone.now() + timedelta(seconds=121))

    assert listed(api, "key4") == [check.pk]


def test_it_never_offers_an_unconfirmed_check_again_to_a_printer_that_confirms(
    api: Client, rendered: Check
) -> None:
    download(api, "key1", rendered)

    expire_leases(now=timezone.now() + timedelta(seconds=121))

    assert listed(api, "key1") == []


def test_it_keeps_a_check_back_while_the_lease_runs(api: Client, rendered_for: Callable[..., Check]) -> None:
    check = rendered_for("key4")
    download(api, "key4", check)

    expire_leases(now=timezone.now() + timedelta(seconds=110))

    assert listed(api, "key4") == []


def test_it_offers_what_the_staff_has_reprinted(api: Client, rendered: Check, staff: Actor) -> None:
    download(api, "key1", rendered)
    services.confirm_print(printer=rendered.printer, check_id=rendered.pk, now=NOW)

    services.reprint_check(check_id=rendered.pk, reason="torn", actor=staff, now=NOW)

    assert listed(api, "key1") == [rendered.pk]


def test_it_takes_two_queries(api: Client, rendered: Check, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        listed(api, "key1")


@pytest.mark.parametrize("api_key", ["", "key", "KEY1", "key1 ", "' OR 1=1 --"])
def test_it_refuses_an_unknown_key(api: Client, rendered: Check, api_key: str) -> None:
    assert refusal_of(api.get("/new_checks/", {"api_key": api_key}), 401) == {"error": "Ошибка авторизации"}

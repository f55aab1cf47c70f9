"""A search in the admin …"""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse

from checks.models import Check
from foundation.admin.search import MAX_SEARCH, CheckedSearch

NUL, TOO_LONG = "a\x00b", "a " * MAX_SEARCH
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SEARCHED = [
    (model, field.name)
    for model in MODELS
    for field in model._meta.fields
    if isinstance(field, ForeignKey)
    and (remote := admin.site._registry.get(field.related_model))
    and remote.search_fields
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_it_is_checked_in_every_admin(model: Any) -> None:
    assert isinstance(admin.site._registry[model], CheckedSearch)


@pytest.mark.parametrize("text", [NUL, TOO_LONG], ids=["nul", "long"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_it_finds_nothing_for_a_text_that_no_row_can_have(
    staff_client: Client, created: list[Check], model: Any, text: str
) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    page = staff_client.get(address, {"q": text})

    assert page.status_code == 200
    if admin.site._registry[model].search_fields and text == TOO_LONG:
        assert list(page.context["cl"].result_list) == []


@pytest.mark.parametrize("text", [NUL, TOO_LONG], ids=["nul", "long"])
@pytest.mark.parametrize(("model", "field"), SEARCHED, ids=str)
def test_it_completes_nothing_for_a_text_that_no_row_can_have(
    staff_client: Client, created: list[Check], model: Any, field: str, text: str
) -> None:
    source = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}

    answer = staff_client.get("/admin/autocomplete/", {**source, "term": text})

    assert answer.status_code == 200
    assert answer.json() == {"results": [], "pagination": {"more": False}}


def test_it_still_completes_what_there_is(staff_client: Client, created: list[Check]) -> None:
    assert ("checks.Check", "printer") in {(model._meta.label, field) for model, field in SEARCHED}
    name = created[0].printer.name
    source = {"app_label": "checks", "model_name": "check", "field_name": "printer", "term": name}

    answer = staff_client.get("/admin/autocomplete/", source)

    assert name in {each["text"] for each in answer.json()["results"]}


@pytest.mark.parametrize(
    "address",
    [
        "auth/user/?username=%00",
        "auth/user/?username__contains=%00",
        "auth/group/?name=%00",
        "order_systems/ordersystem/?name=%00",
        "printers/printer/?check_type__exact=%00",
        "webhooks/delivery/?state__exact=%00",
    ],
)
def test_it_is_refused_like_any_wrong_filter_where_a_filter_has_a_nul(
    staff_client: Client, address: str
) -> None:
    answer = staff_client.get(f"/admin/{address}")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?e=1")

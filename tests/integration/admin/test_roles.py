"""A member of staff in the group …"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from checks.models import Check, Printer
from tests.conftest import NOW
from tests.fakes import SMALL_PDF
from tests.helpers import record_render, types_of

groups_of_staff = import_module("checks.migrations.0006_groups_of_staff")
of_notices = import_module("notices.migrations.0002_permissions_of_groups")

CHECKS, PRINTERS, EVENTS = "/admin/checks/check/", "/admin/checks/printer/", "/admin/events/event/"
GROUPS = ["support", "analyst", "manager"]
PERSONAL = ["Иван", "9173332222", "Ленина"]
# What each may open: the answer to a GET for support, analyst, manager, and somebody in no group.
PAGES = {
    "/admin/": (200, 200, 200, 200),
    CHECKS: (200, 200, 200, 403),
    CHECKS + "{check}/change/": (200, 200, 200, 403),
    CHECKS + "{check}/history/": (200, 200, 200, 403),
    CHECKS + "{check}/pdf/": (200, 403, 200, 404),
    CHECKS + "{kitchen}/pdf/": (200, 200, 200, 404),
    CHECKS + "add/": (403, 403, 403, 403),
    CHECKS + "{check}/delete/": (403, 403, 403, 403),
    PRINTERS: (200, 200, 200, 403),
    PRINTERS + "{printer}/change/": (200, 200, 200, 403),
    PRINTERS + "{printer}/history/": (200, 200, 200, 403),
    PRINTERS + "{printer}/new_key/": (403, 403, 200, 403),
    CHECKS + "{check}/act/printed/": (200, 403, 200, 404),
    CHECKS + "order/123456/": (200, 200, 200, 403),
    PRINTERS + "add/": (403, 403, 200, 403),
    PRINTERS + "{printer}/delete/": (403, 403, 200, 403),
    EVENTS: (200, 200, 200, 403),
    EVENTS + "{event}/change/": (200, 200, 200, 403),
    EVENTS + "add/": (403, 403, 403, 403),
    "/admin/auth/user/": (403, 403, 403, 403),
    "/admin/auth/group/": (403, 403, 403, 403),
    "/admin/order_systems/token/": (403, 403, 403, 403),
    "/admin/order_systems/ordersystem/": (403, 403, 403, 403),
    "/admin/notices/subscription/": (200, 403, 200, 403),
    "/admin/notices/subscription/add/": (403, 403, 200, 403),
    "/admin/notices/delivery/": (200, 403, 200, 403),
    "/django-rq/": (403, 403, 403, 403),
}
ACTIONS = {"mark_printed": "printed", "mark_failed": "failed"}


@pytest.fixture
def made_groups(db: None) -> None:
    """The groups as the migration makes them, also where an earlier test has emptied all tables."""
    with connection.schema_editor() as editor:
        groups_of_staff.make_groups(apps, editor)
        of_notices.grant(apps, editor)


@pytest.fixture
def client_of(made_groups: None, django_user_model: Any) -> Callable[[str], Client]:
    def client_of(group: str) -> Client:
        user = django_user_model.objects.create_user(f"olga-{group}", is_staff=True)
        if group != "none":
            user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def check(created: list[Check]) -> Check:
    """The client's check of the example order, rendered, with its PDF."""
    for number, check_type in enumerate(("kitchen", "client")):
        record_render(check_type, now=NOW)
        created[number].refresh_from_db()
        default_storage.save(created[number].pdf_file.name or "", ContentFile(SMALL_PDF))
    return created[1]


def address_of(page: str, check: Check) -> str:
    kitchen = Check.objects.get(order_id=check.order_id, type="kitchen")
    event = check.events.earliest("id")
    return page.format(check=check.pk, kitchen=kitchen.pk, printer=check.printer_id, event=event.pk)


@pytest.mark.parametrize("group", [*GROUPS, "none"])
def test_it_opens_its_pages_and_no_others(client_of: Any, check: Check, group: str) -> None:
    client = client_of(group)

    def answer_of(page: str) -> int:
        answer = client.get(address_of(page, check))
        b"".join(answer)  # read to the end, so that the file is closed
        return answer.status_code

    expected = {page: answers[[*GROUPS, "none"].index(group)] for page, answers in PAGES.items()}

    assert {page: answer_of(page) for page in PAGES} == expected


@pytest.mark.parametrize("group", [*GROUPS, "none"])
@pytest.mark.parametrize("action", ACTIONS)
def test_it_acts_on_checks_if_it_may(client_of: Any, check: Check, group: str, action: str) -> None:
    client_of(group).post(CHECKS, {"action": action, "_selected_action": [check.pk]})

    done = [ACTIONS[action]] if group in {"support", "manager"} else []
    assert types_of(check) == ["created", "rendered", *done]


@pytest.mark.parametrize("group", GROUPS)
def test_it_is_offered_the_actions_it_may_do(client_of: Any, check: Check, group: str) -> None:
    page = client_of(group).get(CHECKS).content.decode()

    assert ('value="mark_printed"' in page) == (group != "analyst")


@pytest.mark.parametrize("group", GROUPS)
def test_it_changes_printers_if_it_may(client_of: Any, check: Check, group: str) -> None:
    form = {"name": "Бар", "api_key": "key2", "check_type": "client", "point_id": "1", "delivery": "confirm"}

    client_of(group).post(f"{PRINTERS}{check.printer_id}/change/", form)

    assert Printer.objects.filter(name="Бар").exists() == (group == "manager")


@pytest.mark.parametrize("group", GROUPS)
def test_it_sees_no_key_of_a_printer(client_of: Any, check: Check, group: str) -> None:
    page = client_of(group).get(f"{PRINTERS}{check.printer_id}/change/").content.decode()

    assert "key2" not in page
    assert ("/new_key/" in page) == (group == "manager")


@pytest.mark.parametrize("group", GROUPS)
def test_it_sees_personal_data_if_it_may(client_of: Any, check: Check, group: str) -> None:
    page = client_of(group).get(f"{CHECKS}{check.pk}/change/").content.decode()

    assert [text in page for text in PERSONAL] == [group != "analyst"] * 3
    assert "Вкусная пицца" in page


@pytest.mark.parametrize("group", GROUPS)
def test_it_is_offered_the_pdfs_it_may_see(client_of: Any, check: Check, group: str) -> None:
    page = client_of(group).get(CHECKS).content.decode()

    assert f"{CHECKS}{check.pk}/pdf/" not in page or group != "analyst"
    assert address_of(CHECKS + "{kitchen}/pdf/", check) in page


@pytest.mark.parametrize("page", [CHECKS, EVENTS, CHECKS + "{check}/history/", EVENTS + "{event}/change/"])
def test_it_sees_no_personal_data_elsewhere(client_of: Any, check: Check, page: str) -> None:
    shown = client_of("analyst").get(address_of(page, check)).content.decode()

    assert not [text for text in PERSONAL if text in shown]


@pytest.mark.parametrize(
    "query",
    [
        f"{CHECKS}?q=Иван",
        f"{CHECKS}?q=9173332222",
        f"{CHECKS}?order__client__phone=9173332222",
        f"{CHECKS}?order__icontains=Ленина",
        f"{CHECKS}?printer__api_key__startswith=key",
        f"{CHECKS}?printer_id__api_key__startswith=key",
        f"{EVENTS}?stream__order__icontains=Ленина",
        f"{EVENTS}?stream_id__order__icontains=Ленина",
        f"{PRINTERS}?api_key__startswith=key",
        f"{PRINTERS}?checks__order__icontains=Ленина",
    ],
)
def test_it_guesses_nothing_that_it_does_not_see(client_of: Any, check: Check, query: str) -> None:
    answer = client_of("analyst").get(query)

    found = answer.context["cl"].result_list if answer.status_code == 200 else []
    assert (answer.status_code in {200, 302, 400}, list(found)) == (True, [])


def test_it_may_what_the_migration_says_and_no_more(made_groups: None) -> None:
    for name, codenames in groups_of_staff.GROUPS.items():
        permissions = Permission.objects.filter(group__name=name)
        expected = [*codenames, *of_notices.GROUPS.get(name, [])]
        assert sorted(permissions.values_list("codename", flat=True)) == sorted(expected)


def test_it_is_there_again_after_a_way_back(made_groups: None) -> None:
    with connection.schema_editor() as editor:
        groups_of_staff.remove_groups(apps, editor)
        assert not Group.objects.filter(name__in=GROUPS).exists()
        groups_of_staff.make_groups(apps, editor)
        groups_of_staff.make_groups(apps, editor)

    assert Group.objects.filter(name__in=GROUPS).count() == 3


def test_it_gets_its_permissions_where_django_has_made_none_yet(made_groups: None) -> None:
    Group.objects.filter(name__in=GROUPS).delete()
    Permission.objects.filter(content_type__app_label__in=["checks", "events"]).delete()

    with connection.schema_editor() as editor:
        groups_of_staff.make_groups(apps, editor)

    assert Group.objects.get(name="analyst").permissions.filter(codename="export_check").exists()

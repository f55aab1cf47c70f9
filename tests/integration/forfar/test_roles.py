"""A member of staff in the group …"""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, resolve

from checks.models import Check
from events.api.tokens import create_token
from foundation.context import Actor
from order_systems.services import NewToken
from printers.models import Printer
from tests.conftest import NOW
from tests.support.fakes import SMALL_PDF
from tests.support.helpers import record_render, types_of

groups_of_staff = import_module("forfar.migrations.0001_groups_of_staff")
MAY = groups_of_staff.GROUPS

CHECKS, PRINTERS, EVENTS = "/admin/checks/check/", "/admin/printers/printer/", "/admin/events/event/"
GROUPS = ["support", "analyst", "manager"]
PERSONAL = ["Иван", "9173332222", "Ленина"]
ORDER_SYSTEMS, TOKENS = "/admin/order_systems/ordersystem/", "/admin/order_systems/token/"
USERS, GROUPS_PAGE = "/admin/auth/user/", "/admin/auth/group/"
WEBHOOKS = "/admin/webhooks/"
READERS = "/admin/events/readertoken/"
ROLES = [*GROUPS, "none", "superuser", "nobody"]
# What each may open: the answer to a GET for support, analyst, manager, somebody in no group, a superuser,
# and somebody who has not logged in. 405: it takes a POST, for which POSTS has the answers.
PAGES = {
    "/admin/": (200, 200, 200, 200, 200, 302),
    "/admin/password_change/": (200, 200, 200, 200, 200, 302),
    "/admin/password_change/done/": (200, 200, 200, 200, 200, 302),
    "/admin/jsi18n/": (200, 200, 200, 200, 200, 302),
    "/admin/checks/": (200, 200, 200, 404, 200, 302),
    CHECKS: (200, 200, 200, 403, 200, 302),
    CHECKS + "export/": (403, 200, 200, 403, 200, 302),
    CHECKS + "views/": (200, 200, 200, 403, 200, 302),
    CHECKS + "views/save/": (405, 405, 405, 405, 405, 302),
    CHECKS + "views/1/rename/": (405, 405, 405, 405, 405, 302),
    CHECKS + "views/1/delete/": (405, 405, 405, 405, 405, 302),
    CHECKS + "{check}/change/": (200, 200, 200, 403, 200, 302),
    CHECKS + "{check}/": (302, 302, 302, 302, 302, 302),
    CHECKS + "{check}/history/": (200, 200, 200, 403, 200, 302),
    CHECKS + "{check}/history/{record}/": (200, 200, 200, 403, 200, 302),
    CHECKS + "{check}/pdf/": (200, 403, 200, 404, 200, 302),
    CHECKS + "{kitchen}/pdf/": (200, 200, 200, 404, 200, 302),
    CHECKS + "{check}/act/printed/": (200, 403, 200, 404, 200, 302),
    CHECKS + "order/123456/": (200, 200, 200, 403, 200, 302),
    CHECKS + "add/": (403, 403, 403, 403, 403, 302),
    CHECKS + "{check}/delete/": (403, 403, 403, 403, 403, 302),
    PRINTERS: (200, 200, 200, 403, 200, 302),
    PRINTERS + "{printer}/change/": (200, 200, 200, 403, 200, 302),
    PRINTERS + "{printer}/": (302, 302, 302, 302, 302, 302),
    PRINTERS + "{printer}/history/": (200, 200, 200, 403, 200, 302),
    PRINTERS + "{printer}/history/{printer_record}/": (200, 200, 200, 403, 200, 302),
    PRINTERS + "{printer}/new_key/": (403, 403, 200, 403, 200, 302),
    PRINTERS + "add/": (403, 403, 200, 403, 200, 302),
    PRINTERS + "{printer}/delete/": (403, 403, 200, 403, 200, 302),
    "/admin/events/": (200, 200, 200, 404, 200, 302),
    EVENTS: (200, 200, 200, 403, 200, 302),
    EVENTS + "views/": (200, 200, 200, 403, 200, 302),
    EVENTS + "views/save/": (405, 405, 405, 405, 405, 302),
    EVENTS + "views/1/rename/": (405, 405, 405, 405, 405, 302),
    EVENTS + "views/1/delete/": (405, 405, 405, 405, 405, 302),
    EVENTS + "{event}/change/": (200, 200, 200, 403, 200, 302),
    EVENTS + "{event}/": (302, 302, 302, 302, 302, 302),
    EVENTS + "{event}/history/": (200, 200, 200, 403, 200, 302),
    EVENTS + "add/": (403, 403, 403, 403, 403, 302),
    EVENTS + "{event}/delete/": (403, 403, 403, 403, 403, 302),
    "/admin/auth/": (404, 404, 404, 404, 200, 302),
    USERS: (403, 403, 403, 403, 200, 302),
    USERS + "add/": (403, 403, 403, 403, 200, 302),
    USERS + "{user}/change/": (403, 403, 403, 403, 200, 302),
    USERS + "{user}/": (302, 302, 302, 302, 302, 302),
    USERS + "{user}/password/": (403, 403, 403, 403, 200, 302),
    USERS + "{user}/history/": (403, 403, 403, 403, 200, 302),
    USERS + "{user}/delete/": (403, 403, 403, 403, 403, 302),
    GROUPS_PAGE: (403, 403, 403, 403, 200, 302),
    GROUPS_PAGE + "add/": (403, 403, 403, 403, 200, 302),
    GROUPS_PAGE + "{group}/change/": (403, 403, 403, 403, 200, 302),
    GROUPS_PAGE + "{group}/": (302, 302, 302, 302, 302, 302),
    GROUPS_PAGE + "{group}/history/": (403, 403, 403, 403, 200, 302),
    GROUPS_PAGE + "{group}/delete/": (403, 403, 403, 403, 200, 302),
    "/admin/order_systems/": (404, 404, 404, 404, 200, 302),
    ORDER_SYSTEMS: (403, 403, 403, 403, 200, 302),
    ORDER_SYSTEMS + "add/": (403, 403, 403, 403, 200, 302),
    ORDER_SYSTEMS + "{order_system}/change/": (403, 403, 403, 403, 200, 302),
    ORDER_SYSTEMS + "{order_system}/": (302, 302, 302, 302, 302, 302),
    ORDER_SYSTEMS + "{order_system}/history/": (403, 403, 403, 403, 200, 302),
    ORDER_SYSTEMS + "{order_system}/history/{order_system_record}/": (403, 403, 403, 403, 200, 302),
    ORDER_SYSTEMS + "{order_system}/delete/": (403, 403, 403, 403, 403, 302),
    TOKENS: (403, 403, 403, 403, 200, 302),
    TOKENS + "add/": (403, 403, 403, 403, 200, 302),
    TOKENS + "{token}/change/": (403, 403, 403, 403, 200, 302),
    TOKENS + "{token}/": (302, 302, 302, 302, 302, 302),
    TOKENS + "{token}/history/": (403, 403, 403, 403, 200, 302),
    TOKENS + "{token}/history/{token_record}/": (403, 403, 403, 403, 200, 302),
    TOKENS + "{token}/delete/": (403, 403, 403, 403, 403, 302),
    READERS: (403, 403, 403, 403, 200, 302),
    READERS + "add/": (403, 403, 403, 403, 200, 302),
    READERS + "{reader}/change/": (403, 403, 403, 403, 200, 302),
    READERS + "{reader}/": (302, 302, 302, 302, 302, 302),
    READERS + "{reader}/history/": (403, 403, 403, 403, 200, 302),
    READERS + "{reader}/history/{reader_record}/": (403, 403, 403, 403, 200, 302),
    READERS + "{reader}/delete/": (403, 403, 403, 403, 403, 302),
    # Of no subscription: tests of its own say who may do what with one.
    "/admin/webhooks/": (200, 404, 200, 404, 200, 302),
    WEBHOOKS + "subscription/": (200, 403, 200, 403, 200, 302),
    WEBHOOKS + "subscription/add/": (403, 403, 200, 403, 200, 302),
    WEBHOOKS + "subscription/0/change/": (302, 403, 302, 403, 302, 302),
    WEBHOOKS + "subscription/0/history/": (404, 404, 404, 404, 404, 302),
    WEBHOOKS + "subscription/0/history/1/": (404, 404, 404, 404, 404, 302),
    WEBHOOKS + "subscription/0/delete/": (403, 403, 403, 403, 403, 302),
    WEBHOOKS + "subscription/0/secret/": (404, 404, 404, 404, 404, 302),
    WEBHOOKS + "subscription/0/act/resume/": (405, 405, 405, 405, 405, 302),
    WEBHOOKS + "delivery/": (200, 403, 200, 403, 200, 302),
    WEBHOOKS + "delivery/add/": (403, 403, 403, 403, 403, 302),
    WEBHOOKS + "delivery/0/change/": (302, 403, 302, 403, 302, 302),
    WEBHOOKS + "delivery/0/history/": (302, 302, 302, 302, 302, 302),
    WEBHOOKS + "delivery/0/delete/": (403, 403, 403, 403, 403, 302),
    "/django-rq/": (403, 403, 200, 403, 200, 302),
    "/django-rq/queues/0/": (403, 403, 200, 403, 200, 302),
    "/django-rq/queues/0/failed/": (403, 403, 200, 403, 200, 302),
    "/django-rq/queues/0/empty/": (403, 403, 403, 403, 200, 302),
}
# Pages of the admin without a right of their own: the login and its like, and what unfold adds for everybody.
OF_ALL = {"login", "logout", "jsi18n", "autocomplete", "view_on_site", "search", "toggle_sidebar"}
# What each brings about by a POST: the answer, as above.
POSTS = {
    CHECKS + "{check}/change/": (403, 403, 403, 403, 403, 302),
    CHECKS + "{check}/history/{record}/": (403, 403, 403, 403, 403, 302),
    CHECKS + "{check}/act/printed/": (302, 403, 302, 404, 302, 302),
    CHECKS + "views/save/": (302, 302, 302, 403, 302, 302),
    CHECKS + "views/1/rename/": (302, 302, 302, 403, 302, 302),
    CHECKS + "views/1/delete/": (404, 404, 404, 403, 404, 302),
    PRINTERS + "{printer}/new_key/": (403, 403, 200, 403, 200, 302),
    PRINTERS + "{printer}/history/{printer_record}/": (403, 403, 403, 403, 403, 302),
    EVENTS + "{event}/change/": (403, 403, 403, 403, 403, 302),
    TOKENS + "{token}/change/": (403, 403, 403, 403, 403, 302),
    "/django-rq/queues/0/empty/": (403, 403, 403, 403, 302, 302),
    "/django-rq/queues/0/requeue-all/": (403, 403, 403, 403, 302, 302),
}
ACTIONS = {"mark_printed": "printed", "mark_failed": "failed"}


@pytest.fixture
def made_groups(db: None) -> None:
    """The groups as the migration makes them, also where an earlier test has emptied all tables."""
    with connection.schema_editor() as editor:
        groups_of_staff.make_groups(apps, editor)


@pytest.fixture
def client_of(made_groups: None, django_user_model: Any) -> Callable[[str], Client]:
    def client_of(group: str) -> Client:
        client = Client()
        if group == "nobody":
            return client
        user = django_user_model.objects.create_user(
            f"olga-{group}", is_staff=True, is_superuser=group == "superuser"
        )
        if group in GROUPS:
            user.groups.add(Group.objects.get(name=group))
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


@pytest.fixture
def address(check: Check, token: NewToken, made_groups: None) -> Callable[[str], str]:
    """Fill in a page's address with things that are there."""
    printer, system = check.printer, token.token.order_system
    printer.save()  # for a record of its history
    reader = create_token(name="Хранилище", actor=Actor.command(), now=NOW).token
    names = {
        "check": check.pk,
        "kitchen": Check.objects.get(order_id=check.order_id, type="kitchen").pk,
        "record": check.history.earliest("history_id").pk,
        "event": check.events.earliest("id").pk,
        "printer": printer.pk,
        "printer_record": printer.history.latest("history_id").pk,
        "user": get_user_model().objects.create_user("somebody").pk,
        "group": Group.objects.earliest("pk").pk,
        "order_system": system.pk,
        "order_system_record": system.history.latest("history_id").pk,
        "token": token.token.pk,
        "reader": reader.pk,
        "reader_record": reader.history.latest("history_id").pk,
        "token_record": token.token.history.latest("history_id").pk,
    }
    return lambda page: page.format(**names)


def answers(ask: Callable[..., Any], pages: Iterable[str], address: Callable[[str], str]) -> dict[str, int]:
    found = {}
    for page in pages:
        answer = ask(address(page))
        b"".join(answer)  # read to the end, so that the file is closed
        found[page] = answer.status_code
    return found


@pytest.mark.parametrize("role", ROLES)
def test_it_opens_its_pages_and_no_others(client_of: Any, address: Any, redis: Any, role: str) -> None:
    expected = {page: codes[ROLES.index(role)] for page, codes in PAGES.items()}

    assert answers(client_of(role).get, PAGES, address) == expected


@pytest.mark.parametrize("role", ROLES)
def test_it_brings_about_what_it_may_and_no_more(client_of: Any, address: Any, redis: Any, role: str) -> None:
    expected = {page: codes[ROLES.index(role)] for page, codes in POSTS.items()}

    assert answers(client_of(role).post, POSTS, address) == expected


def test_it_is_told_of_every_page_of_the_admin() -> None:
    """A page that somebody adds has to say who may open it."""
    resolved = {resolve(re.sub(r"{\w+}", "1", page)).url_name for page in PAGES}

    names = {pattern.name for pattern in patterns_of(admin.site.get_urls()) if pattern.name}
    assert names - resolved - OF_ALL == set()


def patterns_of(urls: Iterable[Any]) -> Iterator[URLPattern]:
    for each in urls:
        if isinstance(each, URLResolver):
            yield from patterns_of(each.url_patterns)
        else:
            yield each


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
    for name, codenames in MAY.items():
        permissions = Permission.objects.filter(group__name=name)
        expected = codenames
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

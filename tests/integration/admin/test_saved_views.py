"""A view that one of the staff saves …"""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from checks import services
from checks.models import Check
from foundation.admin import saved_views
from foundation.admin.saved_views import MAX_VIEWS
from foundation.context import Actor
from foundation.models import MAX_NAME, MAX_QUERY, SavedView
from printers.models import Printer
from tests.conftest import NOW
from tests.helpers import in_threads

CHECKS, EVENTS = "/admin/checks/check/", "/admin/events/event/"
FILTERS = {"f-point": "1,2", "f-status": "failed", "f-failed_stage": "delivery"}
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def save(client: Client, name: str, query: Any = FILTERS, address: str = CHECKS) -> str:
    """Save it as the list's form does, and return the page that comes back."""
    form = {"name": name, "query": urlencode(query)}
    answer = client.post(f"{address}views/save/", form, follow=True, **ENGLISH)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def change(client: Client, view: SavedView, what: str, address: str = CHECKS, **form: str) -> Any:
    return client.post(f"{address}views/{view.pk}/{what}/", form, follow=True, **ENGLISH)  # type: ignore[arg-type]


@pytest.fixture
def view(staff_client: Client) -> SavedView:
    save(staff_client, "Мои точки")
    return SavedView.objects.get()


@pytest.fixture
def another(client: Client, django_user_model: Any) -> Client:
    """Another one of the staff, who may do everything too."""
    client.force_login(django_user_model.objects.create_superuser("olga"))
    return client


def test_it_is_offered_above_the_list_and_opens_what_was_filtered(
    staff_client: Client, admin_user: Any, check: Check
) -> None:
    page = save(staff_client, " Неподтверждённые на моих точках ")

    view = SavedView.objects.get()
    assert (view.user, view.list_name, view.name) == (
        admin_user,
        "checks.check",
        "Неподтверждённые на моих точках",
    )
    assert view.query == urlencode(FILTERS)
    assert "Saved as “Неподтверждённые на моих точках”." in page
    current = page[: page.index('aria-current="page"')].rsplit("<a", 1)[1]
    assert f'href="?{view.query.replace("&", "&amp;")}"' in current


@pytest.mark.parametrize(("points", "is_shown"), [("1", True), ("2,1", True), ("2,3", False), ("2, 1", True)])
def test_it_may_hold_several_points(
    staff_client: Client, check: Check, staff: Actor, points: str, is_shown: bool
) -> None:
    services.mark_failed(check_id=check.pk, reason="x", actor=staff, now=NOW)
    save(staff_client, "points", {"f-point": points, "f-status": "failed"})

    answer = staff_client.get(f"{CHECKS}?{SavedView.objects.get().query}")

    assert list(answer.context["cl"].result_list) == ([check] if is_shown else [])


@pytest.mark.parametrize("points", ["1,x", "1;2", ",".join(["9" * 12] * 2), "1,NaN"])
def test_it_is_not_saved_with_a_wrong_filter(staff_client: Client, check: Check, points: str) -> None:
    page = save(staff_client, "points", {"f-point": points})

    assert "Nothing was saved: correct the filters first." in page
    assert not SavedView.objects.exists()
    assert "Save these filters" not in page


def test_it_keeps_the_parameters_of_the_list_and_no_others(staff_client: Client, check: Check) -> None:
    query = {"f-type": "client", "q": "123456", "p": "2", "o": "1", "x": "y", "f-order": "", "f-none": "1"}

    save(staff_client, "v", query)
    save(staff_client, "e", {"f-type": "failed", "f-point": "1", "q": "1"}, EVENTS)

    queries = dict(SavedView.objects.values_list("list_name", "query"))
    assert queries == {"checks.check": "f-type=client&q=123456", "events.event": "f-type=failed"}


def test_it_belongs_to_one_list(staff_client: Client, view: SavedView) -> None:
    save(staff_client, view.name, {"f-type": "failed"}, EVENTS)

    assert SavedView.objects.count() == 2
    assert "Мои точки" in staff_client.get(EVENTS).content.decode()
    assert change(staff_client, view, "delete", EVENTS).status_code == 404


@pytest.mark.parametrize(
    ("name", "query", "problem"),
    [
        ("", FILTERS, "Write a name for the view."),
        ("  ", FILTERS, "Write a name for the view."),
        ("x" * (MAX_NAME + 1), FILTERS, f"of {MAX_NAME} characters at most"),
        ("v", {}, "Filter the list first, then save the filters"),
        ("v", {"p": "2"}, "Filter the list first, then save the filters"),
        ("v", {"f-point": ",".join(["1"] * MAX_QUERY)}, "These filters are too long to save"),
        ("v", {"q": "1" * MAX_QUERY}, "These filters are too long to save"),
        ("Мои точки", {"f-type": "client"}, "You already have a view named “Мои точки”"),
    ],
)
def test_it_is_refused_with_what_to_do(
    staff_client: Client, view: SavedView, name: str, query: Any, problem: str
) -> None:
    assert problem in save(staff_client, name, query)
    assert list(SavedView.objects.all()) == [view]


def test_it_is_one_of_so_many_at_most(staff_client: Client, admin_user: Any) -> None:
    for number in range(MAX_VIEWS):
        save(staff_client, f"{number}")

    assert f"You already have {MAX_VIEWS} views of this list" in save(staff_client, "more")
    assert SavedView.objects.count() == MAX_VIEWS


@pytest.mark.django_db(transaction=True)
def test_it_is_one_of_so_many_also_when_all_are_saved_at_once(admin_user: Any) -> None:
    for number in range(MAX_VIEWS - 1):
        saved_views.save_view(user=admin_user, list_name="l", name=f"{number}", query="q=1")

    def save_one(number: int) -> Any:
        return saved_views.save_view(user=admin_user, list_name="l", name=f"more {number}", query="q=1")

    results = in_threads(4, save_one)

    assert sorted(getattr(each, "code", "saved") for each in results) == ["saved", *["too_many_views"] * 3]
    assert SavedView.objects.count() == MAX_VIEWS


def test_it_gets_another_name(staff_client: Client, view: SavedView) -> None:
    page = change(staff_client, view, "rename", name="Уфа").content.decode()

    view.refresh_from_db()
    assert view.name == "Уфа"
    assert "The view is named “Уфа” now." in page
    assert 'value="Уфа"' in page


@pytest.mark.parametrize(
    ("name", "problem"), [("", "Write a name"), ("taken", "You already have a view named")]
)
def test_it_keeps_its_name_when_the_new_one_is_wrong(
    staff_client: Client, view: SavedView, name: str, problem: str
) -> None:
    save(staff_client, "taken")

    page = change(staff_client, view, "rename", name=name).content.decode()

    view.refresh_from_db()
    assert (view.name, problem in page) == ("Мои точки", True)


def test_it_is_deleted_and_can_be_saved_again(staff_client: Client, view: SavedView) -> None:
    page = change(staff_client, view, "delete").content.decode()

    assert not SavedView.objects.exists()
    assert "“Мои точки” was deleted" in page
    kept = re.search(r'name="query" value="([^"]+)"', page)
    assert kept is not None
    assert kept[1].replace("&amp;", "&") == view.query


def test_it_is_nobody_elses(another: Client, view: SavedView) -> None:
    assert view.name not in another.get(CHECKS).content.decode()
    assert view.name not in another.get(f"{CHECKS}views/").content.decode()
    assert change(another, view, "rename", name="x").status_code == 404
    assert change(another, view, "delete").status_code == 404
    save(another, view.name)

    view.refresh_from_db()
    assert view.name == "Мои точки"
    assert SavedView.objects.count() == 2


def test_it_changes_by_a_post_with_a_token_alone(admin_user: Any, view: SavedView) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    for address in ("save/", f"{view.pk}/rename/", f"{view.pk}/delete/"):
        assert strict.get(f"{CHECKS}views/{address}").status_code == 405
        assert strict.post(f"{CHECKS}views/{address}", {"name": "x", "query": "q=1"}).status_code == 403

    assert list(SavedView.objects.values_list("name", flat=True)) == ["Мои точки"]


def test_it_needs_the_permission_to_see_the_list(
    client: Client, view: SavedView, django_user_model: Any
) -> None:
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))

    assert client.get(f"{CHECKS}views/").status_code == 403
    for address in ("save", f"{view.pk}/rename", f"{view.pk}/delete"):
        assert client.post(f"{CHECKS}views/{address}/", {"name": "x", "query": "q=1"}).status_code == 403


def test_it_needs_no_other_permission(client: Client, check: Check, django_user_model: Any) -> None:
    analyst = django_user_model.objects.create_user("anna", is_staff=True)
    analyst.groups.add(Group.objects.get(name="analyst"))
    client.force_login(analyst)

    save(client, "mine")

    assert SavedView.objects.get().user == analyst


def test_it_is_offered_by_lists_with_fields_to_filter_by(
    staff_client: Client, printers: dict[str, Printer]
) -> None:
    assert staff_client.get("/admin/printers/printer/views/").status_code in {302, 404}
    assert (
        "Save these filters" not in staff_client.get("/admin/printers/printer/", **ENGLISH).content.decode()
    )  # type: ignore[arg-type]


def test_it_is_text_wherever_it_stands(staff_client: Client, check: Check) -> None:
    page = save(staff_client, "<script>alert(1)</script>")

    for shown in (page, staff_client.get(f"{CHECKS}views/").content.decode()):
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_it_is_saved_by_a_form_of_its_own(staff_client: Client, check: Check) -> None:
    """Browsers drop a form inside a form."""

    class Forms(HTMLParser):
        depth = deepest = 0

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            self.depth += tag == "form"
            self.deepest = max(self.deepest, self.depth)

        def handle_endtag(self, tag: str) -> None:
            self.depth -= tag == "form"

    forms = Forms()
    forms.feed(staff_client.get(CHECKS, FILTERS).content.decode())

    assert forms.deepest == 1


def test_it_says_how_to_save_one_where_there_is_none(staff_client: Client) -> None:
    page = staff_client.get(f"{CHECKS}views/", **ENGLISH).content.decode()  # type: ignore[arg-type]

    assert "You have not saved any views yet." in page


def test_it_takes_one_query_however_many_there_are(
    staff_client: Client, check: Check, django_assert_num_queries: Any
) -> None:
    staff_client.get(CHECKS)  # fills the cache of content types
    for number in range(5):
        # session, user; checks, own views
        with django_assert_num_queries(4):
            staff_client.get(CHECKS)
        with django_assert_num_queries(3):
            staff_client.get(f"{CHECKS}views/")
        save(staff_client, f"{number}")

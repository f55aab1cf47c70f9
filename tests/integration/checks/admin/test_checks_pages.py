"""The admin of checks …"""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from checks import services
from checks.models import Check
from checks.rendering.errors import RenderError
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.fakes import SMALL_PDF, FakeRenderer
from tests.support.helpers import record_render

LIST = "/admin/checks/check/"


def listed(client: Client, **query: Any) -> list[str]:
    """Return the checks that the list shows, by number and type."""
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [f"{check.order_id} {check.type}" for check in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["123456 client", "123456 kitchen"]),
        ({"f-printer": 1}, ["123456 kitchen"]),
        ({"f-point": 1}, ["123456 client", "123456 kitchen"]),
        ({"f-point": 2}, []),
        ({"f-type": "client"}, ["123456 client"]),
        ({"f-status": "rendered"}, ["123456 kitchen"]),
        ({"f-status": "new", "f-type": "client"}, ["123456 client"]),
        ({"f-since": "2026-01-15", "f-until": "2026-01-16"}, ["123456 client", "123456 kitchen"]),
        ({"f-since": "2026-01-15T15:00", "f-until": "2026-01-15T15:01"}, ["123456 client", "123456 kitchen"]),
        ({"f-since": "2026-01-15T15:01"}, []),
        ({"f-until": "2026-01-15T12:00Z"}, []),
        ({"f-printer": "горячий"}, []),
        ({"q": "123456", "f-type": "client"}, ["123456 client"]),
        ({"q": "12345"}, []),
        ({"q": "Иван"}, []),
        ({"f-order": 123456, "f-type": "kitchen"}, ["123456 kitchen"]),
        ({"f-status": "waiting"}, ["123456 client", "123456 kitchen"]),
        ({"q": "9" * 30}, []),
    ],
    ids=str,
)
def test_it_lists_what_is_asked_for(
    staff_client: Client, check: Check, query: Any, expected: list[str]
) -> None:
    assert listed(staff_client, **query) == expected


@pytest.mark.parametrize(
    "query", [{"f-point": "x"}, {"f-status": "lost"}, {"f-since": "gestern"}, {"f-older_than": "x"}]
)
def test_it_shows_what_is_wrong_with_a_filter(staff_client: Client, check: Check, query: Any) -> None:
    response = staff_client.get(LIST, query)

    assert response.status_code == 200
    (spec,) = response.context["cl"].filter_specs
    assert list(spec.filterset.form.errors) == [name.removeprefix("f-") for name in query]


def test_it_tells_the_history_in_words(staff_client: Client, check: Check) -> None:
    page = staff_client.get(f"{LIST}{check.pk}/history/").content.decode()

    assert ">создан</strong>" in page
    assert "Статус: новый → готов к печати" in page
    assert "None" not in page


def test_it_prints_an_order_as_text(staff_client: Client, printers: Any, order: Any) -> None:
    order["address"] = "<script>alert(1)</script>"
    check, _ = services.create_checks(order=order, actor=Actor.order_system(), now=NOW)

    page = staff_client.get(f"{LIST}{check.pk}/change/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_shows_the_pdf_to_staff_and_records_nothing(staff_client: Client, check: Check) -> None:
    default_storage.save(check.pdf_file.name or "pdf/123456_kitchen.pdf", ContentFile(SMALL_PDF))

    response = staff_client.get(f"{LIST}{check.pk}/pdf/")

    assert b"".join(response.streaming_content) == SMALL_PDF  # type: ignore[attr-defined]
    assert check.events.count() == 2


def test_it_has_no_pdf_of_a_new_check(staff_client: Client, created: list[Check]) -> None:
    assert staff_client.get(f"{LIST}{created[0].pk}/pdf/").status_code == 404


def test_it_keeps_its_pages_and_pdfs_from_strangers(client: Client, check: Check) -> None:
    for address in (LIST, f"{LIST}{check.pk}/change/", f"{LIST}{check.pk}/pdf/", "/django-rq/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "login" in response.headers["Location"]


def test_it_keeps_its_pdfs_from_staff_without_the_permission(
    client: Client, check: Check, django_user_model: Any
) -> None:
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))

    assert client.get(f"{LIST}{check.pk}/pdf/").status_code == 404


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_it_lets_nobody_add_or_delete(staff_client: Client, check: Check, page: str) -> None:
    assert staff_client.get(LIST + page.format(pk=check.pk)).status_code == 403


def test_it_lets_nobody_change(staff_client: Client, check: Check) -> None:
    response = staff_client.post(f"{LIST}{check.pk}/change/", {"status": "printed"})

    check.refresh_from_db()
    assert (response.status_code, check.status) == (403, "rendered")


@pytest.mark.parametrize("address", ["x", "99999999999999999999999", "-1", "²"])
def test_it_has_an_answer_for_a_check_that_is_not_there(staff_client: Client, address: str) -> None:
    assert staff_client.get(f"{LIST}{address}/change/").status_code in {302, 404}


def test_it_takes_as_many_queries_for_many_checks_as_for_few(
    staff_client: Client, check: Check, order: Any, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        services.create_checks(order={**order, "id": number + 1}, actor=Actor.order_system(), now=NOW)

    staff_client.get(f"{LIST}{check.pk}/change/")  # fills the cache of content types
    # session, user; checks, own views
    with django_assert_num_queries(4):
        staff_client.get(LIST)


@pytest.fixture
def viewer(client: Client, django_user_model: Any) -> Client:
    """Somebody who may look at everything and change nothing."""
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def test_it_cannot_be_turned_back_through_the_history(
    staff_client: Client, viewer: Client, check: Check
) -> None:
    record = Check.history.get(id=check.pk, version=1)
    address = f"{LIST}{check.pk}/history/{record.history_id}/"

    assert viewer.get(address).status_code == 200
    assert viewer.post(address, {"status": "new"}).status_code == 403
    assert staff_client.post(address, {"status": "new"}).status_code == 403

    check.refresh_from_db()
    assert (check.status, check.version) == ("rendered", 2)


def test_it_has_an_answer_for_a_history_that_is_not_there(staff_client: Client, check: Check) -> None:
    assert staff_client.get(f"{LIST}²/history/").status_code == 404
    assert staff_client.get(f"{LIST}{check.pk}/history/²/").status_code == 404


def act(client: Client, action: str, *checks: Check) -> Any:
    selected = [check.pk for check in checks]
    return client.post(LIST, {"action": action, "_selected_action": selected}, follow=True)


def test_it_lets_staff_act_on_a_check(
    staff_client: Client, admin_user: Any, check: Check, fake_renderer: FakeRenderer
) -> None:
    act(staff_client, "mark_printed", check)
    act(staff_client, "reprint", check)
    act(staff_client, "mark_failed", check)
    act(staff_client, "render_again", check)

    events = check.events.order_by("version")[2:]
    assert [event.type for event in events] == ["printed", "reprinted", "failed", "retried"]
    assert {event.actor for event in events} == {f"staff:{admin_user.pk}"}


def test_it_prints_many_again_and_says_which_have_no_mark(
    staff_client: Client, check: Check, created: list[Check], fake_renderer: FakeRenderer
) -> None:
    record_render("client", now=NOW)
    act(staff_client, "mark_printed", *created)
    fake_renderer.failures = [RenderError(reason="unreachable", permanent=False)]

    page = act(staff_client, "reprint", *created).content.decode()

    events = [each.events.latest("version") for each in reversed(created)]  # in the order of the list
    assert [event.data["unmarked"] for event in events] == ["unreachable", ""]
    assert page.count("на новом экземпляре не указано, что это копия") == 1
    assert page.count(": сделано") == 2


def test_it_says_which_check_refuses_an_action(staff_client: Client, check: Check) -> None:
    response = act(staff_client, "render_again", check)

    assert "невозможно" in response.content.decode()
    assert check.events.count() == 2


def test_it_offers_no_actions_to_who_may_only_look(viewer: Client, check: Check) -> None:
    act(viewer, "mark_printed", check)

    assert check.events.count() == 2


def test_it_offers_saved_views_and_says_which_is_shown(staff_client: Client, check: Check) -> None:
    page = staff_client.get(LIST, {"f-status": "failed", "f-failed_stage": "render"}).content.decode()

    assert "?f-status=waiting&amp;f-older_than=1" in page
    assert "?f-status=failed&amp;f-failed_stage=delivery&amp;f-failed_reason=unconfirmed" in page
    current = page[: page.index('aria-current="page"')].rsplit("<a", 1)[1]
    assert "?f-status=failed&amp;f-failed_stage=render" in current


def test_it_shows_in_each_saved_view_what_belongs_there(staff_client: Client, check: Check) -> None:
    act(staff_client, "mark_failed", Check.objects.get(type="client"))

    views = [view["address"] for view in staff_client.get(LIST).context["saved_views"]]
    shown = [staff_client.get(LIST + view).context["cl"].result_list for view in views]

    assert [[each.type for each in result] for result in shown] == [[], ["client"], ["kitchen"]]

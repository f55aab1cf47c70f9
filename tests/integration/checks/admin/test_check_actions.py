"""An action on the page of a check …"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from checks import services
from checks.models import Check
from checks.rendering.errors import RenderError
from tests.conftest import NOW
from tests.support.fakes import FakeRenderer, pdf_of_copy
from tests.support.helpers import expire_leases, types_of


@pytest.fixture
def unconfirmed(check: Check, printers: Any) -> Check:
    services.download_check(printer=printers["key1"], check_id=check.pk, now=NOW)
    expire_leases(NOW + timedelta(minutes=10))
    return check


def address(check: Check, action: str) -> str:
    return f"/admin/checks/check/{check.pk}/act/{action}/"


@pytest.mark.parametrize(
    ("action", "form", "data"),
    [
        ("reprint", {"reason": "промок"}, {"reason": "промок", "copy": 2, "unmarked": ""}),
        ("printed", {}, {"how": "by_hand"}),
        ("retry", {"reason": "шрифт"}, {"reason": "шрифт"}),
    ],
)
def test_it_asks_and_then_is_done_in_the_name_of_who_asked_for_it(
    staff_client: Client,
    admin_user: Any,
    unconfirmed: Check,
    redis: Any,
    fake_renderer: FakeRenderer,
    action: str,
    form: Any,
    data: Any,
) -> None:
    question = staff_client.get(address(unconfirmed, action))
    assert question.status_code == 200
    assert unconfirmed.events.count() == 4

    response = staff_client.post(address(unconfirmed, action), form, headers={"Accept-Language": "en"})

    event = unconfirmed.events.get(version=5)
    assert event.data.items() >= data.items()
    assert event.actor == f"staff:{admin_user.pk}"
    assert response.headers["Location"] == f"/admin/checks/check/{unconfirmed.pk}/change/#v5"
    page = staff_client.get(response.headers["Location"]).content.decode()
    assert "The new event is marked below." in page
    assert 'id="v5"' in page


def test_it_prints_a_copy_that_the_page_shows_and_speaks_of(
    staff_client: Client, unconfirmed: Check, fake_renderer: FakeRenderer
) -> None:
    response = staff_client.post(
        address(unconfirmed, "reprint"), {"reason": "x"}, follow=True, headers={"Accept-Language": "en"}
    )

    page = response.content.decode()
    assert "КОПИЯ 2" in fake_renderer.rendered[-1]
    assert "Copy 2, and the paper says so." in page
    assert f"→ pdf/123456_kitchen_{unconfirmed.pk}_copy2.pdf" in page
    pdf = staff_client.get(f"/admin/checks/check/{unconfirmed.pk}/pdf/")
    assert b"".join(pdf.streaming_content) == pdf_of_copy(2)


def test_it_says_that_the_paper_has_no_mark(
    staff_client: Client, unconfirmed: Check, fake_renderer: FakeRenderer
) -> None:
    fake_renderer.failures = [RenderError(reason="timeout", permanent=False)]

    response = staff_client.post(
        address(unconfirmed, "reprint"), {"reason": "x"}, follow=True, headers={"Accept-Language": "en"}
    )

    page = response.content.decode()
    assert "the new paper does not say that it is a copy (rendering took too long)" in page
    assert "Copy 2, but the paper does not say so (rendering took too long)." in page
    assert unconfirmed.events.latest("version").type == "reprinted"


def test_it_says_so_too_of_a_mark_of_an_earlier_copy(
    staff_client: Client, unconfirmed: Check, fake_renderer: FakeRenderer, staff: Any
) -> None:
    staff_client.post(address(unconfirmed, "reprint"), {"reason": "x"})
    services.mark_printed(check_id=unconfirmed.pk, actor=staff, now=NOW)
    fake_renderer.failures = [RenderError(reason="timeout", permanent=False)]

    response = staff_client.post(
        address(unconfirmed, "reprint"), {"reason": "x"}, follow=True, headers={"Accept-Language": "en"}
    )

    assert "Copy 3, but the paper says copy 2 (rendering took too long)." in response.content.decode()


def test_it_takes_a_check_out_of_the_way(staff_client: Client, check: Check) -> None:
    staff_client.post(address(check, "failed"), {"reason": "заказ отменён"})

    assert types_of(check) == ["created", "rendered", "failed"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_it_wants_a_reason_that_can_be_read(staff_client: Client, unconfirmed: Check, reason: str) -> None:
    response = staff_client.post(address(unconfirmed, "reprint"), {"reason": reason})

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert unconfirmed.events.count() == 4


def test_it_says_in_a_sentence_that_somebody_was_faster(
    staff_client: Client, unconfirmed: Check, staff: Any
) -> None:
    assert staff_client.get(address(unconfirmed, "reprint")).status_code == 200
    services.reprint_check(check_id=unconfirmed.pk, reason="раньше", actor=staff, now=NOW)

    response = staff_client.post(
        address(unconfirmed, "reprint"), {"reason": "позже"}, follow=True, headers={"Accept-Language": "en"}
    )

    page = response.content.decode()
    assert "“Print it again” was refused and nothing has changed" in page
    assert "not possible while the check is in the state" in page
    assert unconfirmed.events.count() == 5


@pytest.mark.parametrize("action", ["erase", "x"])
def test_it_is_one_of_those_that_there_are(staff_client: Client, check: Check, action: str) -> None:
    assert staff_client.get(address(check, action)).status_code == 404
    assert staff_client.post(address(check, action)).status_code == 404


def test_it_has_an_answer_for_a_check_that_is_not_there(staff_client: Client, db: None) -> None:
    for check_id in (0, 2**70):
        assert staff_client.get(f"/admin/checks/check/{check_id}/act/printed/").status_code == 404


def test_it_is_refused_to_those_who_may_only_look(
    client: Client, unconfirmed: Check, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)

    assert client.get(address(unconfirmed, "printed")).status_code == 403
    assert client.post(address(unconfirmed, "printed")).status_code == 403
    assert unconfirmed.events.count() == 4


def test_it_needs_the_token_of_its_own_page(admin_user: Any, unconfirmed: Check) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    assert strict.post(address(unconfirmed, "printed")).status_code == 403
    assert unconfirmed.events.count() == 4

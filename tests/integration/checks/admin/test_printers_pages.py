"""The admin of printers …"""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from checks.models import Check
from printers.models import Printer

ADD = "/admin/printers/printer/add/"
FORM = {"name": "Бар", "api_key": "secret-99", "check_type": "client", "point_id": "5", "delivery": "confirm"}


def test_it_adds_a_printer_and_keeps_its_key_out_of_the_history(staff_client: Client) -> None:
    assert staff_client.post(ADD, FORM).status_code == 302

    printer = Printer.objects.get(api_key="secret-99")
    record = printer.history.get()
    assert "secret-99" not in str(vars(record))


def test_it_says_when_a_printer_was_last_seen_unless_it_is_being_added(
    staff_client: Client, printers: dict[str, Printer]
) -> None:
    adding = staff_client.get(ADD).context["adminform"]
    looking = staff_client.get(f"/admin/printers/printer/{printers['key1'].pk}/change/").context["adminform"]

    assert "last_seen" not in adding.readonly_fields
    assert "last_seen" in looking.readonly_fields


def test_it_says_when_another_printer_has_the_key(staff_client: Client, printers: Any) -> None:
    response = staff_client.post(ADD, {**FORM, "api_key": "key1"})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["api_key"]
    assert "другого принтера" in response.content.decode()
    assert not Printer.objects.filter(name="Бар").exists()


def test_it_does_not_delete_a_printer_that_has_checks(staff_client: Client, check: Check) -> None:
    response = staff_client.post(f"/admin/printers/printer/{check.printer_id}/delete/", {"post": "yes"})

    assert Printer.objects.filter(pk=check.printer_id).exists()
    assert response.status_code == 200  # the page that says what stands in the way


def test_it_finds_a_printer_by_its_name_and_point(staff_client: Client, printers: Any) -> None:
    by_name = staff_client.get("/admin/printers/printer/", {"q": "Горячий"}).context["cl"].result_list
    by_point = staff_client.get("/admin/printers/printer/", {"q": "3"}).context["cl"].result_list

    assert [printer.api_key for printer in by_name] == ["key3"]
    assert "key6" in [printer.api_key for printer in by_point]


def test_it_cannot_be_changed_through_the_history(
    client: Client, printers: dict[str, Printer], django_user_model: Any
) -> None:
    printer = printers["key1"]
    printer.save()
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_printer"))
    client.force_login(user)
    address = f"/admin/printers/printer/{printer.pk}/history/{printer.history.get().history_id}/"

    assert client.post(address, {**FORM, "api_key": "stolen"}).status_code == 403

    printer.refresh_from_db()
    assert printer.api_key == "key1"

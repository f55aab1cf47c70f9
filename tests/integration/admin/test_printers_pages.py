"""The admin of printers …"""

from typing import Any

from django.test import Client

from checks.models import Check, Printer

ADD = "/admin/checks/printer/add/"
FORM = {"name": "Бар", "api_key": "secret-99", "check_type": "client", "point_id": "5", "delivery": "confirm"}


def test_it_adds_a_printer_and_keeps_its_key_out_of_the_history(staff_client: Client) -> None:
    assert staff_client.post(ADD, FORM).status_code == 302

    printer = Printer.objects.get(api_key="secret-99")
    record = printer.history.get()
    assert "secret-99" not in str(vars(record))


def test_it_says_when_another_printer_has_the_key(staff_client: Client, printers: Any) -> None:
    response = staff_client.post(ADD, {**FORM, "api_key": "key1"})

    assert response.status_code == 200
    assert response.context["errors"] == [["API-ключ уже есть у другого принтера."]] or (
        "другого принтера" in response.content.decode()
    )
    assert not Printer.objects.filter(name="Бар").exists()


def test_it_does_not_delete_a_printer_that_has_checks(staff_client: Client, check: Check) -> None:
    response = staff_client.post(f"/admin/checks/printer/{check.printer_id}/delete/", {"post": "yes"})

    assert Printer.objects.filter(pk=check.printer_id).exists()
    assert response.status_code in {200, 403}


def test_it_finds_a_printer_by_its_name_and_point(staff_client: Client, printers: Any) -> None:
    response = staff_client.get("/admin/checks/printer/", {"q": "Горячий"})

    assert [printer.api_key for printer in response.context["cl"].result_list] == ["key3"]

"""Bootstrapping an empty database …"""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from checks.models import Check
from printers.models import Printer

pytestmark = pytest.mark.django_db


def bootstrap() -> str:
    out = StringIO()
    call_command("bootstrap", stdout=out)
    return out.getvalue()


def test_it_loads_the_printers_with_a_history() -> None:
    bootstrap()

    kinds = set(Printer.objects.filter(point_id=1).values_list("api_key", "check_type"))
    assert kinds == {("key1", "kitchen"), ("key2", "client")}
    assert Printer.history.count() == Printer.objects.count() == 8


def test_it_has_a_point_with_two_kitchens_and_one_with_a_client_printer_only() -> None:
    bootstrap()

    points: dict[int, list[str]] = {}
    for point, check_type in Printer.objects.values_list("point_id", "check_type"):
        points.setdefault(point, []).append(check_type)
    assert ["client", "kitchen", "kitchen"] in [sorted(types) for types in points.values()]
    assert ["client"] in points.values()


def test_it_makes_an_admin_and_shows_the_password_once() -> None:
    said = bootstrap()

    admin = get_user_model().objects.get(is_superuser=True)
    assert admin.check_password(said.partition("Password: ")[2].split()[0])
    assert bootstrap() == ""


def test_it_leaves_the_printers_of_others_alone() -> None:
    Printer.objects.create(name="own", api_key="own", check_type="client", point_id=9)

    bootstrap()

    assert Printer.objects.count() == 1


def test_it_can_be_asked_whether_there_are_checks(created: list[Check]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("has_checks")
    assert ended.value.code == 0

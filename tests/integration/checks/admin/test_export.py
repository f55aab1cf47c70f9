"""The export of checks …"""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from checks import services
from checks.admin.check import csv_rows
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW

LIST = "/admin/checks/check/"
EXPORT = LIST + "export/"
PLAIN = [*csv_rows.COLUMNS, "created_at"]


def taken(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(EXPORT, query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def client_with(client: Client, django_user_model: Any) -> Any:
    """Make a client of somebody with these permissions."""

    def client_with(*codenames: str) -> Client:
        user = django_user_model.objects.create_user("olga", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return client_with


def test_it_gives_what_the_list_shows(staff_client: Client, check: Check) -> None:
    (row,) = taken(staff_client, **{"f-type": "kitchen", "p": "1"})

    assert row == {
        "id": str(check.pk),
        "order_id": "123456",
        "type": "kitchen",
        "status": "rendered",
        "status_changed_at": "2026-01-15T15:00:00+03:00",
        "version": "2",
        "printer_id": str(check.printer_id),
        "printer": check.printer.name,
        "point_id": "1",
        "created_at": "2026-01-15T15:00:00+03:00",
        "client_name": "Иван",
        "client_phone": "9173332222",
        "address": "г. Уфа, ул. Ленина, д. 42",
    }
    assert [each["type"] for each in taken(staff_client)] == ["client", "kitchen"]
    assert taken(staff_client, q="1") == []


def test_it_is_offered_with_the_filters_of_the_list(staff_client: Client, check: Check) -> None:
    page = staff_client.get(LIST, {"f-type": "client", "p": "1"}).content.decode()

    assert 'href="export/?f-type=client"' in page


def test_it_leaves_out_personal_data_without_the_permission(client_with: Any, check: Check) -> None:
    rows = taken(client_with("view_check", "export_check"))

    assert [list(row) for row in rows] == [PLAIN, PLAIN]
    assert "Иван" not in str(rows)


@pytest.mark.parametrize("codenames", [[], ["view_check"], ["export_check"]], ids=str)
def test_it_is_for_those_who_may(client_with: Any, check: Check, codenames: list[str]) -> None:
    client = client_with(*codenames)

    assert client.get(EXPORT).status_code == 403
    assert "export/" not in client.get(LIST).content.decode()


def test_it_is_kept_from_strangers(client: Client, check: Check) -> None:
    assert client.get(EXPORT).status_code == 302


def test_it_says_when_a_filter_is_wrong_instead_of_giving_everything(
    staff_client: Client, check: Check
) -> None:
    response = staff_client.get(EXPORT, {"f-point": "x"}, follow=True)

    assert response.redirect_chain == [(f"{LIST}?f-point=x", 302)]
    assert "сначала исправьте фильтры" in response.content.decode()
    assert staff_client.get(EXPORT, {"p": "x9"}).status_code in {200, 302}


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("+79170000000", "+79170000000"), ("+7 917 000-00-00", "+7 917 000 00 00")],
)
def test_it_holds_no_formulas_and_usable_phones(
    staff_client: Client, printers: Any, order: Any, text: str, written: str
) -> None:
    order["client"]["name"] = order["address"] = order["client"]["phone"] = text
    Printer.objects.filter(point_id=1).update(name=text)
    services.create_checks(order=order, actor=Actor.order_system(), now=NOW)

    row = taken(staff_client)[0]

    assert {row[name] for name in ("printer", "client_name", "client_phone", "address")} == {written}


def test_it_keeps_text_of_several_lines_in_its_cell(staff_client: Client, printers: Any, order: Any) -> None:
    order["address"] = 'ул. "Ленина",\nд. 42'
    services.create_checks(order=order, actor=Actor.order_system(), now=NOW)

    assert taken(staff_client)[0]["address"] == 'ул. "Ленина",\nд. 42'


def test_it_reads_with_a_cursor_of_the_server(
    staff_client: Client, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flat memory: the database keeps the rows, and hands out as many as are written at once."""
    monkeypatch.setattr(csv_rows, "ROWS_PER_PIECE", 1)
    pieces = csv_rows.csv_of_checks(Check.objects.order_by("id"), with_personal_data=False)

    assert [next(pieces).count("\r\n") for _ in range(2)] == [1, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django%'")
        assert cursor.fetchone() == (1,)
    assert len(list(pieces)) == 1


def test_it_leaves_no_cursor_when_the_reader_goes_away(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "ROWS_PER_PIECE", 1)
    pieces = csv_rows.csv_of_checks(Check.objects.order_by("id"), with_personal_data=False)
    for _ in range(2):
        next(pieces)

    pieces.close()  # type: ignore[attr-defined]

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django%'")
        assert cursor.fetchone() == (0,)

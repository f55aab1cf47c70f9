"""A cell of an export …"""

import csv
import io
from datetime import datetime, timezone

import pytest

from foundation.csv_cells import csv_cell, csv_lines


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "\t=1",
        "  =1",
        "＝1",
        '=HYPERLINK("http://x","y")',
        "+A1",
        "+1+A1",
        "+79173332222+cmd|' /C calc'!A0",
        "-2-3",
        "-A1",
        "+",
        "+7 доб. 5",
    ],
)
def test_it_is_no_formula(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("+79173332222", "+79173332222"),
        ("+7 (917) 333-22-22", "+7 (917) 333 22 22"),
        ("+7-917-333-22-22", "+7 917 333 22 22"),
        ("8 917 333-22-22", "8 917 333-22-22"),
        ("9173332222", "9173332222"),
        ("-2", "-2"),
        ("+2,5", "+2,5"),
        ("Иван", "Иван"),
        ("", ""),
    ],
)
def test_it_leaves_phones_and_numbers_usable(text: str, written: str) -> None:
    assert csv_cell(text) == written


def test_it_has_a_moment_in_the_zone_of_the_service() -> None:
    assert csv_cell(datetime(2026, 1, 15, 12, tzinfo=timezone.utc)) == "2026-01-15T15:00:00+03:00"


def test_it_may_hold_several_lines() -> None:
    lines = csv_lines([['ул. "Ленина",\nд. 42', 7]])

    assert list(csv.reader(io.StringIO(lines))) == [['ул. "Ленина",\nд. 42', "7"]]
    assert csv_lines([]) == ""

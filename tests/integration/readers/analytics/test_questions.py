"""The questions of docs/analytics.md …"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.integration.readers.analytics.story import Week, moscow

pytestmark = pytest.mark.django_db

PAGE = (Path(settings.BASE_DIR) / "docs" / "analytics.md").read_text()
QUESTIONS = {
    int(number): sql
    for number, sql in re.findall(r"^### (\d+)\..*?^```sql\n(.*?);\n```", PAGE, re.MULTILINE | re.DOTALL)
}
VARIABLES = dict(re.findall(r"^\\set (\w+) '(.*)'$", PAGE, re.MULTILINE))

# The printers of point 1's kitchen and point 2's counter, in fixtures/printers.json.
KITCHEN, COUNTER = 1, 5

ANSWERS: dict[int, list[tuple[Any, ...]]] = {
    1: [(1, 14, Decimal("71.4")), (2, 3, Decimal("66.7")), (3, 1, Decimal("100.0"))],
    2: [("rendered", "failed", 4, 365), ("rendered", "printed", 17, 211), ("failed", "printed", 2, 190)],
    3: [(KITCHEN, 1, 2, 7), (COUNTER, 2, 1, 1)],
    4: [("torn", 2), ("wet", 1)],
    5: [(moscow(12, 12), 3)],
    6: [
        ("client_check.html@aaaa", 6, 1000, 2750),
        ("client_check.html@bbbb", 3, 3000, 3000),
        ("kitchen_check.html@aaaa", 6, 1000, 1750),
        ("kitchen_check.html@bbbb", 3, 3000, 3000),
    ],
    7: [(4, 1, moscow(13, 18), 2)],
    8: [("confirmed", 15), ("download", 2), ("by_hand", 1), ("late", 1)],
    9: [(12, 4, 281), (20, 2, 15), (9, 1, 7)],
    10: [("print", 7, 79), ("download", 2, 17)],
}


def answer(sql: str) -> list[tuple[Any, ...]]:
    """Put in psql's variables, and return what the statement gives."""
    for name, value in VARIABLES.items():
        sql = sql.replace(f":'{name}'", f"'{value}'")
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def test_they_are_ten() -> None:
    assert list(QUESTIONS) == list(ANSWERS) == list(range(1, 11))
    assert set(VARIABLES) == {"since", "until"}


@pytest.mark.parametrize("number", ANSWERS)
def test_they_are_answered_to_the_analysts_role(as_analyst: Any, week: Week, number: int) -> None:
    with as_analyst():
        assert answer(QUESTIONS[number]) == ANSWERS[number]

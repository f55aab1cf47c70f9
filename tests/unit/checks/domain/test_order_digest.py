"""The digest of an order …"""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.domain.order_digest import order_digest

SALT = bytes(16)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def as_jsonb_gives_it(number: float) -> Any:
    """Write a number in full, as PostgreSQL's numeric does, and read it again."""
    text = f"{Decimal(str(number)):f}"
    return json.loads(text if text.strip("-0.") else text.replace("-", ""))


@given(NUMBERS)
def test_it_survives_what_jsonb_does_to_numbers(number: float) -> None:
    assert order_digest({"n": as_jsonb_gives_it(number)}, SALT) == order_digest({"n": number}, SALT)


def test_it_does_not_depend_on_the_order_of_keys() -> None:
    assert order_digest({"a": 1, "b": 2}, SALT) == order_digest({"b": 2, "a": 1}, SALT)


@pytest.mark.parametrize(
    "other", [{"price": 2}, {"price": "1"}, {"price": True}, {"price": [1]}, {"price": ["number", "1"]}, {}]
)
def test_it_tells_orders_apart(other: dict[str, Any]) -> None:
    assert order_digest(other, SALT) != order_digest({"price": 1}, SALT)


def test_it_says_nothing_without_the_salt() -> None:
    assert order_digest({"price": 1}, b"x" * 16) != order_digest({"price": 1}, SALT)

"""Orders for the tests of rendering."""

import copy
from typing import Any

from tests.conftest import EXAMPLE_ORDER


def make_order(**changes: Any) -> dict[str, Any]:
    """The contract's example, with some fields changed."""
    return copy.deepcopy(EXAMPLE_ORDER) | changes


def make_item(name: str, quantity: int = 1, unit_price: int = 100) -> dict[str, Any]:
    return {"name": name, "quantity": quantity, "unit_price": unit_price}

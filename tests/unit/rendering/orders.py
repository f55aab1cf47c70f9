"""Orders for the tests of rendering."""

from typing import Any


def make_order(**changes: Any) -> dict[str, Any]:
    """The contract's example, with some fields changed."""
    return {
        "id": 123456,
        "price": 780,
        "point_id": 1,
        "items": [
            {"name": "Вкусная пицца", "quantity": 2, "unit_price": 250},
            {"name": "Не менее вкусные роллы", "quantity": 1, "unit_price": 280},
        ],
        "address": "г. Уфа, ул. Ленина, д. 42",
        "client": {"name": "Иван", "phone": 9173332222},
    } | changes


def make_item(name: str, quantity: int = 1, unit_price: int = 100) -> dict[str, Any]:
    return {"name": name, "quantity": quantity, "unit_price": unit_price}

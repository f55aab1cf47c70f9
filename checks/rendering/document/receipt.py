"""An order as it stands on paper, with numbers as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.rendering.document.printable import Printable, clean
from checks.rendering.document.shortening import Limit, common_limit

NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class Item:
    name: Printable
    quantity: str
    unit_price: str
    sum: str
    is_several: bool


@dataclass(frozen=True)
class Receipt:
    """`adjustment` is the order's price less the sum of its items, with a sign; "" for zero."""

    number: str
    address: Printable
    client_name: Printable
    client_phone: Printable
    items: tuple[Item, ...]
    pieces: str
    items_sum: str
    adjustment: str
    price: str

    @property
    def positions(self) -> int:
        return len(self.items)


def read_receipt(order: Mapping[str, Any]) -> Receipt:
    """Write an order as text. Raises KeyError, TypeError or ValueError for anything that is not an order.

    Every item is kept with its numbers. Only very long texts are shortened.
    """
    limit = common_limit([clean(item["name"]) for item in order["items"]])
    price = int(order["price"])
    items_sum = sum(int(item["quantity"]) * int(item["unit_price"]) for item in order["items"])
    return Receipt(
        number=str(int(order["id"])),
        address=Printable.of(order["address"]),
        client_name=Printable.of(order["client"]["name"]),
        client_phone=Printable.of(order["client"]["phone"]),
        items=tuple(_read_item(item, limit) for item in order["items"]),
        pieces=format_number(sum(int(item["quantity"]) for item in order["items"])),
        items_sum=format_money(items_sum),
        adjustment=_format_adjustment(price - items_sum),
        price=format_money(price),
    )


def _read_item(item: Mapping[str, Any], limit: Limit) -> Item:
    quantity, unit_price = int(item["quantity"]), int(item["unit_price"])
    return Item(
        name=Printable.of(item["name"], limit),
        quantity=format_number(quantity),
        unit_price=format_money(unit_price),
        sum=format_money(quantity * unit_price),
        is_several=quantity > 1,
    )


def format_number(number: int) -> str:
    """Group thousands from 10 000 on. Shorter numbers stay whole, as people search for them."""
    if abs(number) < 10_000:
        return str(number)
    return f"{number:,}".replace(",", NO_BREAK_SPACE)


def format_money(roubles: int) -> str:
    return f"{format_number(roubles)}{NO_BREAK_SPACE}₽"


def _format_adjustment(roubles: int) -> str:
    if not roubles:
        return ""
    return f"{'+' if roubles > 0 else '−'}{NO_BREAK_SPACE}{format_money(abs(roubles))}"

"""An order written out…"""

import pytest

from checks.rendering.document.receipt import format_money, format_number, read_receipt
from tests.unit.checks.rendering.orders import make_item, make_order


@pytest.mark.parametrize(
    ("roubles", "text"),
    [(0, "0 ₽"), (1250, "1250 ₽"), (9999, "9999 ₽"), (10000, "10 000 ₽"), (1234567, "1 234 567 ₽")],
)
def test_it_groups_thousands_from_ten_thousand_on(roubles, text):
    assert format_money(roubles) == text.replace(" ", "\u00a0")


def test_it_uses_no_space_that_breaks_a_number():
    assert " " not in format_number(10**15)


def test_it_sums_pieces_and_items():
    receipt = read_receipt(make_order(items=[make_item("Чай", 3, 50), make_item("Сок", 2, 70)], price=290))
    assert (receipt.pieces, receipt.items_sum, receipt.adjustment) == ("5", "290\u00a0₽", "")
    assert [item.sum for item in receipt.items] == ["150\u00a0₽", "140\u00a0₽"]


def test_it_takes_the_largest_order_number():
    assert read_receipt(make_order(id=2**63 - 1)).number == "9223372036854775807"

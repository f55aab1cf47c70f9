"""Orders for property tests: valid ones of every kind, and ones that are nearly valid."""

import json
from typing import Any

from hypothesis import strategies as st

from checks.models import MAX_ORDER_ID
from printers.models import MAX_POINT_ID

LONGEST = 900_000  # bytes, of texts in one order: a request may have a megabyte
# What makes layout engines slow, wide, or look elsewhere.
UNITS = (
    "&", "<", ">", '"', "\n", "\r", "\t", " ", "а\n", "а ", "а\u00a0", "\u00a0", "&amp;", "<b>", "{{ x }}",
    "Ы", "W", "i", "-", "а-", "\u00ad", "\u200b", "\u200d", "\ufeff", "\u202e", "\u202a", "\u2066", "\u2069",
    "\u0301", "а\u0301", "אa", "ب", "لا", "漢", "🍕", "👨‍👩‍👧", "กำ", "क्", "ᄀ", "\u2028", "\x0c", "\x7f",
    "\ufffe", "\ue000", "\U0010fffd", "file:///etc/passwd ", "1 ", "۳", "ﷺ", "𒐫",
)  # fmt: skip


def size_of(value: object) -> int:
    """Return how many bytes it takes in a request."""
    return len(json.dumps(value, ensure_ascii=False).encode())


characters = st.characters(codec="utf-8", exclude_characters="\x00")
repeated = st.builds(
    lambda unit, times, end: unit * (times // len(unit)) + end,
    st.sampled_from(UNITS),
    st.sampled_from([1, 40, 999, 1001, 20_000, 300_000]),
    st.text(characters, max_size=3),
)
mixed = st.lists(st.sampled_from(UNITS), max_size=300).map("".join)
texts = st.one_of(st.text(characters, max_size=200), mixed, repeated)
names = texts.filter(lambda text: text.strip() != "")
numbers = st.one_of(st.integers(1, 10), st.integers(1, MAX_ORDER_ID), st.just(MAX_ORDER_ID))
menu = st.lists(
    st.fixed_dictionaries({"name": names, "quantity": numbers, "unit_price": numbers}), min_size=1, max_size=8
)
orders = st.builds(
    lambda order, times: order | {"items": (order["items"] * times)[:500]},
    st.fixed_dictionaries(
        {
            "id": numbers,
            "point_id": st.one_of(st.integers(0, MAX_POINT_ID), st.integers(0, MAX_POINT_ID).map(str)),
            "items": menu,
            "price": numbers,
            "address": texts,
            "client": st.fixed_dictionaries({"name": texts, "phone": st.one_of(texts, st.integers())}),
        }
    ),
    st.sampled_from([1, 1, 5, 100]),
).filter(lambda order: size_of(order) < LONGEST)

# What stands in for one part of a valid order: mostly what the contract refuses there, now and then not.
odd_values = st.one_of(
    st.sampled_from([None, True, -1, 0, 2**63, 10**99, 10**101, 1.0, 1.5, "", " ", "1", "٣", "x\x00"]),
    st.sampled_from([[], {}, [[]], [{}] * 501, {"name": "x"}]),
    st.text(max_size=5),
    st.integers(),
)


@st.composite
def nearly_valid_orders(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an order of which one part is gone or something else, or which has a part more."""
    order: dict[str, Any] = json.loads(json.dumps(draw(small_orders)))
    place = draw(st.sampled_from([order, order["items"][0], order["client"]]))
    name = draw(st.sampled_from([*place, "more"]))
    if draw(st.booleans()) and name in place:
        del place[name]
    else:
        place[name] = draw(odd_values)
    return order


small_names = st.text(characters, min_size=1, max_size=8).filter(lambda text: text.strip() != "")
small_orders = st.fixed_dictionaries(
    {
        "id": st.integers(1, MAX_ORDER_ID),
        "point_id": st.sampled_from([1, "1", 2, "02", 3, 4]),
        "items": st.lists(
            st.fixed_dictionaries({"name": small_names, "quantity": numbers, "unit_price": numbers}),
            min_size=1,
            max_size=3,
        ),
        "price": st.integers(0, MAX_ORDER_ID),
        "address": st.text(characters, max_size=8),
        "client": st.fixed_dictionaries(
            {
                "name": st.text(characters, max_size=8),
                "phone": st.one_of(st.text(characters, max_size=8), st.integers()),
            }
        ),
    }
)

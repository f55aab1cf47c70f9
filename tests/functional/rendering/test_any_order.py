"""An order that the API accepts, whatever is in it …"""

import json
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.api.parsers import StrictJSONParser
from checks.api.serializers import OrderSerializer
from checks.models import MAX_ORDER_ID, MAX_POINT_ID
from checks.rendering.documents import render_html
from checks.rendering.local import LocalRenderer
from checks.rendering.pdf import inspect_pdf
from tests.functional.rendering.pdfs import count_pages

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


@pytest.fixture(scope="module")
def renderer() -> Iterator[LocalRenderer]:
    """With the time limit of the service."""
    with closing(LocalRenderer("wkhtmltopdf", 20.0)) as renderer:
        yield renderer


def accepted(order: dict[str, Any]) -> dict[str, Any]:
    """Send the order through what stands before the service."""
    body = json.dumps(order, ensure_ascii=False).encode()
    request = SimpleNamespace(META={"CONTENT_LENGTH": str(len(body))})
    form = OrderSerializer(data=StrictJSONParser().parse(BytesIO(body), None, {"request": request}))
    assert form.is_valid(), form.errors
    as_sent: dict[str, Any] = form.initial_data
    return as_sent


def is_printed(renderer: LocalRenderer, order: dict[str, Any]) -> None:
    order = accepted(order)
    for check_type in ("client", "kitchen"):
        html = render_html(check_type=check_type, order=order).html
        content = renderer.render(html)
        assert inspect_pdf(content).pages == count_pages(content)
        assert html.count('<div class="item keep">') == len(order["items"])


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=orders)
def test_it_is_printed(renderer: LocalRenderer, order: dict[str, Any]) -> None:
    is_printed(renderer, order)


@pytest.mark.thorough
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=orders)
def test_it_is_printed_hundreds_of_times(renderer: LocalRenderer, order: dict[str, Any]) -> None:
    is_printed(renderer, order)


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param(unit, id=ascii(unit), marks=[] if unit in "&\n" else [pytest.mark.thorough])
        for unit in UNITS
    ],
)
def test_it_is_printed_when_it_is_as_large_as_can_be(renderer: LocalRenderer, unit: str) -> None:
    text = unit * (LONGEST // 2 // size_of(unit)) + "x"
    item = {"name": f"x{unit * 300}x", "quantity": MAX_ORDER_ID, "unit_price": MAX_ORDER_ID}
    small = {"name": "x", "quantity": 1, "unit_price": 0}
    order = {"id": 1, "point_id": 1, "price": 0, "address": text, "client": {"name": unit, "phone": unit}}

    for items in ([item] * (LONGEST // 2 // size_of(item)), [small] * 500):
        is_printed(renderer, order | {"items": items[:500]})

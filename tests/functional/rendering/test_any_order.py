"""An order that the API accepts, whatever is in it …"""

import json
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings

from checks.api.serializers import OrderSerializer
from checks.models import MAX_ORDER_ID
from checks.rendering.document.html import render_html
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.pdf import inspect_pdf
from foundation.http.parsers import StrictJSONParser
from tests.functional.rendering.pdfs import count_pages
from tests.support.profiles import examples
from tests.support.strategies import LONGEST, UNITS, orders, size_of


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


@settings(max_examples=examples(4, 300))
@given(order=orders)
def test_it_is_printed(renderer: LocalRenderer, order: dict[str, Any]) -> None:
    is_printed(renderer, order)


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param(unit, id=ascii(unit), marks=[] if unit == "\n" else [pytest.mark.thorough])
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

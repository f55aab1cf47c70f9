"""From an order to a stored PDF in one call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.rendering.documents import render_html
from checks.rendering.files import pdf_name, store_pdf
from checks.rendering.pdf import inspect_pdf
from checks.rendering.renderer import get_renderer


@dataclass(frozen=True)
class RenderedDocument:
    """`file` is the name in the storage, `size` in bytes, `milliseconds` from order to stored file."""

    file: str
    sha256: str
    size: int
    pages: int
    milliseconds: int
    renderer: str
    template: str


def produce(*, order_id: int, check_type: str, order: Mapping[str, Any]) -> RenderedDocument:
    """Render the order's document of one type, inspect and store it; raises RenderError.

    Repeating it replaces the file in one step, so a reader sees the old one or the new one.
    """
    started = time.monotonic()
    renderer = get_renderer()
    document = render_html(check_type=check_type, order=order)
    content = renderer.render(document.html)
    facts = inspect_pdf(content)
    file = store_pdf(pdf_name(order_id, check_type), content)
    return RenderedDocument(
        file=file,
        sha256=facts.sha256,
        size=facts.size,
        pages=facts.pages,
        milliseconds=round((time.monotonic() - started) * 1000),
        renderer=renderer.name,
        template=document.template,
    )

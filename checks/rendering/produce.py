"""From an order to a PDF in one call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.domain.commands import RecordRender
from checks.rendering.document.html import Document, render_html
from checks.rendering.engine.renderer import Renderer, get_renderer
from checks.rendering.files import copy_name, pdf_name, store_pdf
from checks.rendering.pdf import inspect_pdf


@dataclass(frozen=True)
class Rendering:
    """A finished PDF that is not stored yet, and the command that records it."""

    command: RecordRender
    content: bytes

    def store(self) -> RecordRender:
        """Write the file atomically, replacing an older one. Raises RenderError (storage)."""
        store_pdf(self.command.file, self.content)
        return self.command


def produce(*, order_id: int, check_type: str, order: Mapping[str, Any]) -> Rendering:
    """Render and check the order's document of one type. Raises RenderError."""
    started = time.monotonic()
    document = render_html(check_type=check_type, order=order)
    return _produce(document, pdf_name(order_id, check_type), get_renderer(), started)


def produce_copy(
    *, check_id: int, order_id: int, check_type: str, order: Mapping[str, Any], copy: int, renderer: Renderer
) -> Rendering:
    """Render one check's document with the mark of a copy. Raises RenderError."""
    started = time.monotonic()
    document = render_html(check_type=check_type, order=order, copy=copy)
    return _produce(document, copy_name(order_id, check_type, check_id, copy), renderer, started)


def _produce(document: Document, file: str, renderer: Renderer, started: float) -> Rendering:
    content = renderer.render(document.html)
    facts = inspect_pdf(content)
    command = RecordRender(
        file=file,
        sha256=facts.sha256,
        bytes=facts.size,
        pages=facts.pages,
        ms=round((time.monotonic() - started) * 1000),
        renderer=renderer.name,
        template=document.template,
    )
    return Rendering(command, content)

"""The renderer, which turns HTML into a PDF: its interface and the choice of the implementation."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings

from checks.rendering.engine.http import HttpRenderer
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.errors import RenderError
from foundation.per_process import PerProcess

__all__ = ["RenderError", "Renderer", "get_renderer", "renderer_for_a_while", "reset_renderer"]


class Renderer(Protocol):
    """Keeps processes and connections between documents. One thread at a time uses it."""

    @property
    def name(self) -> str:
        """The name that the events record."""

    def render(self, html: str) -> bytes:
        """Return the PDF's bytes, not yet checked. Raises RenderError."""

    def close(self) -> None:
        """End processes and close connections."""


def get_renderer() -> Renderer:
    """Return this process's renderer: over HTTP if WKHTMLTOPDF_URL is set, otherwise the local binary."""
    return _renderer()


def reset_renderer() -> None:
    """Close this process's renderer, so that the next call reads the settings again."""
    _renderer.reset()


@contextmanager
def renderer_for_a_while(*, timeout: float) -> Iterator[Renderer]:
    """Return a renderer that ends with the block, for a process that seldom renders.

    No document takes longer than `timeout` seconds, or RENDER_TIMEOUT_SECONDS if that is less.
    """
    renderer = _make_renderer(min(timeout, settings.RENDER_TIMEOUT_SECONDS))
    try:
        yield renderer
    finally:
        renderer.close()


def _make_renderer(timeout: float) -> Renderer:
    if settings.WKHTMLTOPDF_URL:
        return HttpRenderer(settings.WKHTMLTOPDF_URL, timeout)
    return LocalRenderer(settings.WKHTMLTOPDF_BINARY, timeout, sandbox=settings.RENDER_SANDBOX)


_renderer = PerProcess(
    lambda: _make_renderer(settings.RENDER_TIMEOUT_SECONDS), close=lambda made: made.close()
)
atexit.register(reset_renderer)

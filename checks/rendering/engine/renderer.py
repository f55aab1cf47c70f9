"""What turns HTML into a PDF: the interface, and the choice of what stands behind it."""

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
    """Keeps what is worth keeping between two documents; used by one thread at a time."""

    @property
    def name(self) -> str:
        """What the events say the document was made with."""

    def render(self, html: str) -> bytes:
        """Give the PDF's bytes, not yet inspected, or raise RenderError."""

    def close(self) -> None:
        """Let go of processes and connections."""


def get_renderer() -> Renderer:
    """Give this process's renderer: over HTTP when WKHTMLTOPDF_URL is set, the local binary otherwise."""
    return _renderer()


def reset_renderer() -> None:
    """Close this process's renderer, so that the next call reads the settings again."""
    _renderer.reset()


@contextmanager
def renderer_for_a_while(*, timeout: float) -> Iterator[Renderer]:
    """Give a renderer of one's own, which ends with the block: for a process that renders now and then.

    No document takes longer than `timeout` seconds, or RENDER_TIMEOUT_SECONDS where that is less.
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

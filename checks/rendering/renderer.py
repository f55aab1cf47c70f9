"""What turns HTML into a PDF: the interface, and the choice of what stands behind it."""

import atexit
import os
from typing import Protocol

from django.conf import settings

from checks.rendering.errors import RenderError
from checks.rendering.http import HttpRenderer
from checks.rendering.local import LocalRenderer

__all__ = ["RenderError", "Renderer", "get_renderer", "reset_renderer"]


class Renderer(Protocol):
    """Keeps what is worth keeping between two documents; used by one thread at a time."""

    @property
    def name(self) -> str:
        """What the events say the document was made with."""

    def render(self, html: str) -> bytes:
        """Give the PDF's bytes, not yet inspected, or raise RenderError."""

    def close(self) -> None:
        """Let go of processes and connections."""


_current: tuple[int, Renderer] | None = None


def get_renderer() -> Renderer:
    """Give this process's renderer: over HTTP when WKHTMLTOPDF_URL is set, the local binary otherwise."""
    global _current
    if _current is None or _current[0] != os.getpid():  # what was made before a fork belongs to the parent
        _current = os.getpid(), _make_renderer()
    return _current[1]


def reset_renderer() -> None:
    """Close this process's renderer, so that the next call reads the settings again."""
    global _current
    if _current is not None and _current[0] == os.getpid():
        _current[1].close()
    _current = None


def _make_renderer() -> Renderer:
    if settings.WKHTMLTOPDF_URL:
        return HttpRenderer(settings.WKHTMLTOPDF_URL, settings.RENDER_TIMEOUT_SECONDS)
    return LocalRenderer(
        settings.WKHTMLTOPDF_BINARY, settings.RENDER_TIMEOUT_SECONDS, sandbox=settings.RENDER_SANDBOX
    )


atexit.register(reset_renderer)

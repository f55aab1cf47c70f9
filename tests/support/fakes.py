"""Stand-ins with a will of their own for what is slow."""

import re

from checks.rendering.errors import RenderError

SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
)


def pdf_of_copy(number: int) -> bytes:
    """Return what the fake gives for a further paper copy: other bytes than the first, as with a real one."""
    return SMALL_PDF.replace(b"%%EOF", b"%% copy %d\n%%%%EOF" % number)


class FakeRenderer:
    """Gives a small PDF, or raises the failures that it was told of, one a call."""

    name = "fake"

    def __init__(self) -> None:
        self.failures: list[RenderError] = []
        self.rendered: list[str] = []

    def render(self, html: str) -> bytes:
        if self.failures:
            raise self.failures.pop(0)
        self.rendered.append(html)
        copy = re.search(r"КОПИЯ (\d+)", html)
        return pdf_of_copy(int(copy[1])) if copy else SMALL_PDF

    def close(self) -> None:
        """There is nothing to let go of."""

"""Stand-ins with a will of their own for what is slow."""

from checks.rendering.errors import RenderError

SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
)


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
        return SMALL_PDF

    def close(self) -> None:
        """There is nothing to let go of."""

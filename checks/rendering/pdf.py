"""Checks a PDF without a parser: enough to refuse an error page, and fast enough for every check."""

import hashlib
import re
from dataclasses import dataclass

from checks.rendering.errors import RenderError

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_TAIL_BYTES = 1024


@dataclass(frozen=True)
class PdfFacts:
    """`sha256` in hexadecimal, `size` in bytes."""

    sha256: str
    size: int
    pages: int


def inspect_pdf(content: bytes) -> PdfFacts:
    """Describe a complete PDF. Raises RenderError (bad_output) for anything else.

    Pages are counted by their objects, which wkhtmltopdf does not compress.
    """
    if not content.startswith(b"%PDF"):
        raise _bad(f"no PDF in {len(content)} bytes")
    if not content[-_TAIL_BYTES:].rstrip().endswith(b"%%EOF"):
        raise _bad(f"a PDF cut after {len(content)} bytes")
    pages = sum(1 for _ in _PAGE.finditer(content))
    if not pages:
        raise _bad("a PDF without pages")
    return PdfFacts(hashlib.sha256(content).hexdigest(), len(content), pages)


def _bad(detail: str) -> RenderError:
    return RenderError(reason="bad_output", permanent=False, detail=detail)

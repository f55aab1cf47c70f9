"""The HTML of a check, always in Russian: clients and kitchens read it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template import Engine
from django.template.loader import get_template

from checks.rendering.document.layouts import LAYOUTS
from checks.rendering.document.receipt import read_receipt
from checks.rendering.errors import RenderError

ORIGINAL = 1  # the first paper, which has no mark
_INCLUDE = re.compile(r'{%\s*include\s+"([^"]+)"')


@dataclass(frozen=True)
class Document:
    """`template` is the template's file name and version, such as client_check.html@1a2b3c4d."""

    html: str
    template: str


def render_html(*, check_type: str, order: Mapping[str, Any], copy: int = ORIGINAL) -> Document:
    """Write the order's document. A copy after the first is marked with its number.

    Raises a permanent RenderError (unknown_type, bad_order).
    """
    layout = LAYOUTS.get(check_type)
    if layout is None:
        raise RenderError(reason="unknown_type", permanent=True, detail=check_type)
    try:
        receipt = read_receipt(order)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # The error's own text may quote the order.
        raise RenderError(reason="bad_order", permanent=True, detail=type(error).__name__) from None
    context = {
        "receipt": receipt,
        "sheets": layout.divide(receipt, is_copy=copy > ORIGINAL),
        "number_size": _size(receipt.number),
        "copy": copy if copy > ORIGINAL else None,
    }
    return Document(
        html=get_template(layout.template).render(context),
        template=f"{layout.template}@{template_version(layout.template)}",
    )


def _size(number: str) -> str:
    """Return how large the order number can be printed on one line."""
    return "short" if len(number) <= 7 else "middle" if len(number) <= 12 else "long"


@cache
def template_version(name: str) -> str:
    """Return 8 hexadecimal digits of the SHA-256 of the template and everything it includes."""
    return hashlib.sha256(_read_sources(name).encode()).hexdigest()[:8]


def _read_sources(name: str) -> str:
    source: str = Engine.get_default().get_template(name).source
    return source + "".join(_read_sources(included) for included in sorted({*_INCLUDE.findall(source)}))

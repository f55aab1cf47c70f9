"""Text from an order, made safe and fast for wkhtmltopdf."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from checks.rendering.document.shortening import MOST, Limit, shorten

NOTHING = "—"
PIECE = 8  # characters between the break opportunities of a long word

# Control characters and halves of surrogate pairs cannot be printed.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{41,}")
_PIECE = re.compile(rf"\S{{{PIECE}}}(?=\S)")
_BREAK = "\ue000"  # a private character that stands for <wbr> while the text is escaped


class Printable(str):
    """Text that templates escape and in which long words may break.

    Without break opportunities WebKit takes time by the square of a word's length: 8 s for 10,000 letters,
    0.2 s with them. `missing` is the number of characters left out to shorten the text.
    """

    __slots__ = ("missing",)
    missing: int

    @classmethod
    def of(cls, value: object, limit: Limit = MOST) -> "Printable":
        """Clean a value as it was sent and shorten it to the limit. Its lines stay lines."""
        whole = clean(value)
        text = cls(shorten(whole, limit))
        text.missing = len(whole) - len(text)
        return text

    def __html__(self) -> SafeString:
        offered = _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\g<0>{_BREAK}", word[0]), self)
        return mark_safe(escape(offered).replace(_BREAK, "<wbr>"))  # noqa: S308 - escaped just now


def clean(value: object) -> str:
    """Replace what cannot be printed by a visible sign, and a text with nothing to read by a dash."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _UNPRINTABLE.sub("\ufffd", text.replace(_BREAK, "\ufffd")).strip()
    return text if any(sign.isprintable() and sign != " " for sign in text) else NOTHING

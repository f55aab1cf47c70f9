"""How much of an order's texts is printed: everything that people write, and a bounded part of anything else.

WebKit's time grows faster than the length of a text; see docs/decisions/0016.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALL_CHARACTERS = 30_000
ALL_LINES = 2_000


@dataclass(frozen=True)
class Limit:
    """The most that is printed of one text."""

    characters: int
    lines: int


MOST = Limit(characters=1_000, lines=20)


def common_limit(texts: Sequence[str]) -> Limit:
    """Return the limit for each text that keeps all texts together within bounds.

    Short texts leave their room to long ones. Each of 500 texts gets at least 60 characters and 4 lines.
    """
    return Limit(
        characters=_fair_share(map(len, texts), ALL_CHARACTERS, MOST.characters),
        lines=_fair_share((text.count("\n") + 1 for text in texts), ALL_LINES, MOST.lines),
    )


def shorten(text: str, limit: Limit) -> str:
    """Return the beginning of the text, up to a limit."""
    lines = text.split("\n", limit.lines)[: limit.lines]
    shown = "\n".join(lines)[: limit.characters]
    return shown if shown == text else shown.rstrip()


def _fair_share(sizes: Iterable[int], total: int, most: int) -> int:
    """Return the largest equal share, up to `most`, such that no text takes more than it needs."""
    ordered = sorted(sizes)
    for index, size in enumerate(ordered):
        share = total // (len(ordered) - index)
        if size > share:
            return min(share, most)
        total -= size
    return most

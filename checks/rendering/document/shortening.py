"""How much of an order's texts is printed: all of what people write, and of anything else what a renderer
makes in seconds. WebKit's time grows faster than a text's length; see docs/decisions/0016.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALL_CHARACTERS = 30_000
ALL_LINES = 2_000


@dataclass(frozen=True)
class Limit:
    """What is printed of one text."""

    characters: int
    lines: int


MOST = Limit(characters=1_000, lines=20)


def common_limit(texts: Sequence[str]) -> Limit:
    """Give the limit for each of these texts that also keeps them all together within bounds.

    Short texts leave their room to long ones. 500 texts have 60 characters and 4 lines each at the least.
    """
    return Limit(
        characters=_fair_share(map(len, texts), ALL_CHARACTERS, MOST.characters),
        lines=_fair_share((text.count("\n") + 1 for text in texts), ALL_LINES, MOST.lines),
    )


def shorten(text: str, limit: Limit) -> str:
    """Give the beginning of the text, ended where a line or the limit ends."""
    lines = text.split("\n", limit.lines)[: limit.lines]
    shown = "\n".join(lines)[: limit.characters]
    return shown if shown == text else shown.rstrip()


def _fair_share(sizes: Iterable[int], total: int, most: int) -> int:
    """Give the largest share, up to `most`, that each can have of the total if none takes beyond its size."""
    ordered = sorted(sizes)
    for index, size in enumerate(ordered):
        share = total // (len(ordered) - index)
        if size > share:
            return min(share, most)
        total -= size
    return most

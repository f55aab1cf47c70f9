"""Divides items into sheets of paper.

Debian's wkhtmltopdf does not repeat table heads, so every sheet gets a head of its own. Heights are in px of
the templates' page and estimated too large rather than too small: a sheet may stay a little empty, but does
not run over onto a sheet without a head. Where an estimate is wrong, the engine breaks the page itself and
nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.rendering.document.printable import PIECE

PAGE_PX = 1300  # of 1343, because other builds scale the page by a few percent

_CONTINUED_PX = 40
_OTHER_EM = 1.4
_WIDTHS_EM = (  # upper bounds of the advances in DejaVu Sans Bold
    (0.42, " ',-./:;IJ\\ijl|\u00a0"),
    (0.52, "!()[]_`frt–"),
    (0.62, '"*?cszгзстэ'),
    (0.72, "$0123456789EFLTabdeghknopquvxy{}ГЕЗТабвеийкнопрухчьяЁё«»"),
    (0.82, "ABCKPRSUVXYZАБВКРСУХЧЬЭЯдлмцъ"),
    (0.92, "#&+<=>DGHNOQ^~×ДИЙЛНОПы"),
    (1.02, "%@MwМФЦЪжфю—"),
    (1.12, "WmЫшщ"),
)
_EM = {character: width for width, characters in _WIDTHS_EM for character in characters}


def count_lines(text: str, width_em: float) -> int:
    """Return how many lines the text takes at most in a column `width_em` wide."""
    return sum(_count_wrapped(line, width_em) for line in text.split("\n"))


def _count_wrapped(line: str, width_em: float) -> int:
    lines, used = 1, 0.0
    for word in line.split(" "):
        width = sum([_EM.get(character, _OTHER_EM) for character in word])
        if used and used + width > width_em:
            lines, used = lines + 1, 0.0
        if width > width_em:  # each line may end up to a piece of the word before the edge
            usable = max(width_em - PIECE * width / len(word), width_em / 3)
            lines, width = lines + int(width // usable), width_em
        used += width + _EM[" "]
    return lines


@dataclass(frozen=True)
class Frame:
    """Heights in px of the parts around the items."""

    title: int  # at the top of the first sheet
    running: int  # the line that names the order on every sheet when there are several
    columns: int  # the names of the columns, above the items of each sheet
    closing: int  # below the last item, kept whole


def divide(heights: Sequence[int], frame: Frame) -> list[range]:
    """Return the indexes of the items on each sheet. There is at least one sheet and one item on each."""
    if frame.title + frame.columns + sum(heights) + frame.closing <= PAGE_PX:
        return [range(len(heights))]
    head = frame.running + frame.columns
    starts, used = [0], frame.title + head
    for index, height in enumerate(heights):
        below = frame.closing if index == len(heights) - 1 else _CONTINUED_PX
        if index > starts[-1] and used + height + below > PAGE_PX:
            starts.append(index)
            used = head
        used += height
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(heights)], strict=True)]

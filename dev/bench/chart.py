"""Growth as small line charts in one SVG, by hand: a panel for each measure, checks on a logarithmic axis."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from dev.bench.budgets import shown
from dev.bench.growth import MEASURES, Measure, Size

WIDTH, HEIGHT = 360, 210  # px of a panel with its margins
LEFT, RIGHT, TOP, BOTTOM = 76, 22, 40, 46
COLUMNS = 2

_STYLE = """
    text { font: 12px system-ui, sans-serif; fill: #333 }
    .title { font-weight: 600; font-size: 13px; fill: #111 }
    .grid { stroke: #ddd; stroke-width: 1 }
    .line { stroke: #0b63ce; stroke-width: 2; fill: none }
    .dot { fill: #0b63ce }
    .page { fill: #fff }
    @media (prefers-color-scheme: dark) {
      text { fill: #ccc } .title { fill: #f2f2f2 } .grid { stroke: #444 } .page { fill: #16181d }
      .line { stroke: #6cb2ff } .dot { fill: #6cb2ff }
    }
"""


def draw(sizes: Sequence[Size]) -> str:
    """Give the SVG's text."""
    measures = [measure for measure in MEASURES if all(measure.name in size.figures for size in sizes)]
    rows = math.ceil(len(measures) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT
    panels = "".join(_panel(measure, index, sizes) for index, measure in enumerate(measures))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="title description">\n'
        '<title id="title">The service while its history grows</title>\n'
        f'<desc id="description">{escape(_description(measures, sizes))}</desc>\n'
        f'<style>{_STYLE}</style>\n<rect class="page" width="{width}" height="{height}"/>\n{panels}</svg>\n'
    )


def _description(measures: Sequence[Measure], sizes: Sequence[Size]) -> str:
    first, last = sizes[0], sizes[-1]
    told = [
        f"{measure.title}: {shown(first.figures[measure.name])} to {shown(last.figures[measure.name])} "
        f"{measure.unit}"
        for measure in measures
    ]
    return f"From {first.checks:,} to {last.checks:,} checks. " + "; ".join(told) + "."


def _panel(measure: Measure, index: int, sizes: Sequence[Size]) -> str:
    values = [size.figures[measure.name] for size in sizes]
    top = ceiling(max(values))
    points = [(x_of(size.checks, sizes), y_of(value, top)) for size, value in zip(sizes, values, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{shown(value)}</text>'
        for (x, y), value in zip(points, values, strict=True)
    )
    x, y = index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT
    return (
        f'<g transform="translate({x} {y})">\n'
        f'<text class="title" x="{LEFT}" y="18">{escape(measure.title)}, {escape(measure.unit)}</text>\n'
        f'{_axes(measure, top, sizes)}<polyline class="line" points="{line}"/>{marks}\n</g>\n'
    )


def _axes(measure: Measure, top: float, sizes: Sequence[Size]) -> str:
    parts = []
    for part in (0.0, 0.5, 1.0):
        y = y_of(top * part, top)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{shown(top * part)}</text>')
    for size in sizes:
        x = x_of(size.checks, sizes)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{size.checks:,}</text>'
        )
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{middle_x}" y="{HEIGHT - 10}" text-anchor="middle">checks in the database</text>')
    parts.append(
        f'<text transform="translate(12 {middle_y}) rotate(-90)" text-anchor="middle">'
        f"{escape(measure.unit)}</text>\n"
    )
    return "".join(parts)


def x_of(checks: int, sizes: Sequence[Size]) -> float:
    """The place on the logarithmic axis, in px."""
    low, high = math.log10(sizes[0].checks), math.log10(sizes[-1].checks)
    inner = WIDTH - LEFT - RIGHT - 40
    return LEFT + 20 + inner * (math.log10(checks) - low) / (high - low)


def y_of(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def ceiling(value: float) -> float:
    """The next of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten at or above a tenth more than the value."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value * 1.1))
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10, 20) if step * power >= value * 1.1)

"""Tables in Markdown, aligned to be read in a terminal as well."""

from collections.abc import Sequence

from dev.bench.budgets import Figure, shown
from dev.bench.growth import MEASURES, Size


def budget_table(figures: Sequence[Figure]) -> str:
    rows = []
    for figure in figures:
        budget = figure.budget
        limit = f"{shown(figure.limit)} {budget.unit} ({budget.limit})" if figure.limit else "–"
        mark = "met" if figure.is_met else "MISSED"
        ours = f"{shown(figure.ours)} {budget.unit}"
        rows.append([budget.title, ours, limit, shown(figure.ratio), f"{budget.text} {mark}"])
    return table(["what", "ours", "limit in the same run", "ours / limit", "budget"], rows)


def growth_table(sizes: Sequence[Size]) -> str:
    names = [f"{measure.title}, {measure.unit}" for measure in MEASURES]
    rows = [
        [f"{size.checks:,}", *(shown(size.figures.get(measure.name)) for measure in MEASURES)]
        for size in sizes
    ]
    return table(["checks", *names], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, figures to the right where they are only figures."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruler = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |"
        for line in (lines[0], ruler, *lines[1:])
    )

"""What is shown and kept of a run."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dev.bench import limits
from dev.bench.budgets import Figure
from dev.bench.chart import draw
from dev.bench.growth import Size, by_size
from dev.bench.plan import Plan
from dev.bench.table import budget_table, growth_table
from dev.server.environment import PROJECT

CHART = PROJECT / "docs" / "performance.svg"


def growth_figures(sizes: Sequence[Size]) -> list[Figure]:
    """The rows that compare the longest history with the shortest."""
    return [
        Figure("poll_growth", by_size(sizes, "poll")),
        Figure("timeline_queries", by_size(sizes, "timeline_queries")),
        Figure("timeline_growth", by_size(sizes, "timeline_ms")),
        Figure("verify", sizes[-1].figures["verify"], limits.events_read_a_second()),
        Figure("verify_memory", by_size(sizes, "verify_mb")),
    ]


def report(figures: Sequence[Figure], sizes: Sequence[Size], plan: Plan) -> None:
    """Print the tables, write the JSON, draw the chart, as the plan wants them."""
    if plan.json != "-":
        sys.stdout.write(f"{machine()}\n\n{budget_table(figures)}\n")
        if sizes:
            sys.stdout.write(f"\n{growth_table(sizes)}\n")
    if plan.json:
        text = json.dumps(as_json(figures, sizes), indent=2, ensure_ascii=False) + "\n"
        if plan.json == "-":
            sys.stdout.write(text)
        else:
            Path(plan.json).write_text(text)
    if plan.chart and len(sizes) > 1:
        CHART.write_text(draw(sizes))


def as_json(figures: Sequence[Figure], sizes: Sequence[Size]) -> dict[str, Any]:
    return {
        "machine": machine(),
        "rows": [figure.as_json() for figure in figures],
        "growth": [{"checks": size.checks, **size.figures} for size in sizes],
    }


def machine() -> str:
    """Say where this was measured, and how busy it was at the end."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"load {load:.1f} at the end."
    )

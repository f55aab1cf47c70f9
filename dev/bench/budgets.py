"""What the service promises, and how a figure is compared with it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Budget:
    """A row of the table: `unit` is shown behind figures; at least or at most so much is promised.

    `share` promises that much of the limit in the same run.
    """

    title: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    limit: str = ""
    share: float | None = None

    @property
    def text(self) -> str:
        if self.share is not None:
            return f"≥ {shown(self.share)} of the limit"
        if self.at_least is not None:
            return f"≥ {shown(self.at_least)}"
        return f"≤ {shown(self.at_most)}" if self.at_most is not None else ""

    def is_met(self, figure: float) -> bool:
        return (self.at_least is None or figure >= self.at_least) and (
            self.at_most is None or figure <= self.at_most
        )


BUDGETS = {
    "latency": Budget(
        "order posted → both checks listed, median", "ms", at_most=40, limit="two warm renders"
    ),
    "sustained": Budget(
        "orders posted → both checks listed, sustained", "/s", at_least=50, limit="rendering alone"
    ),
    "create": Budget("POST /create_checks/", "/s", at_least=500, limit="the bare transaction"),
    "poll": Budget(
        "GET /new_checks/, 500 checks of history", "/s", at_least=1800, limit="an empty view, one query"
    ),
    "export": Budget("export_events to CSV", "events/s", share=0.5, limit="a bare COPY TO STDOUT"),
    "poll_growth": Budget("the same with the longest history, to the shortest", "×", at_least=0.9),
    "timeline_queries": Budget("queries of a timeline page, longest to shortest", "×", at_most=1),
    "timeline_growth": Budget("time of a timeline page, longest to shortest", "×", at_most=1.3),
    "verify": Budget("verify_events", "events/s", at_least=50_000, limit="reading the rows alone"),
    "verify_memory": Budget("its memory, longest to shortest history", "×", at_most=1.2),
}


@dataclass(frozen=True)
class Figure:
    """What was measured of a row, and the limit in the same run; None where there is none."""

    row: str
    ours: float
    limit: float | None = None

    @property
    def budget(self) -> Budget:
        return BUDGETS[self.row]

    @property
    def ratio(self) -> float | None:
        """Ours by the limit."""
        return self.ours / self.limit if self.limit else None

    @property
    def is_met(self) -> bool:
        share = self.budget.share
        return self.budget.is_met(self.ours) and (share is None or (self.ratio or 0) >= share)

    def as_json(self) -> dict[str, Any]:
        budget = self.budget
        promises = (budget.share, budget.at_least, budget.at_most)
        return {
            "row": self.row,
            "unit": budget.unit,
            "ours": self.ours,
            "limit": self.limit,
            "ratio": self.ratio,
            "budget": next((promise for promise in promises if promise is not None), None),
            "met": self.is_met,
        }


def shown(number: float | None) -> str:
    """Three significant digits, thousands grouped."""
    if number is None:
        return "–"
    if abs(number) >= 999.5:
        digits = len(str(round(abs(number)))) - 3
        return f"{round(number, -digits):,.0f}"
    return f"{number:.3g}"

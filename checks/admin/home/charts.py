"""Charts: what the script draws, and a table with the same numbers."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from checks.admin.check.filters import STAGES
from checks.admin.home.statistics import Created, Failures, Lifetimes, Point, Quantiles
from checks.admin.home.time_ranges import TimeRange
from checks.admin.words import NOTHING, reason_in_words

# The look of a series: a solid or dashed line, a filled or striped bar. So nobody has to tell colours apart.
FIRST, SECOND = "first", "second"


class Series(NamedTuple):
    label: str
    values: Sequence[float | None]
    look: str


class Row(NamedTuple):
    """A row of a chart's table with a cell for each series. `address` is "" for a row without a link."""

    title: str
    cells: list[str]
    address: str


class Chart(NamedTuple):
    """A chart. `drawing` is JSON for the script, `table` has the same numbers."""

    name: str
    title: str
    explanation: str
    row_title: str
    table: list[Row]
    series: list[Series]
    drawing: str
    is_empty: bool


def per_hour(
    name: str, title: str, unit: str, today: Sequence[int], before: Sequence[int], *, now: datetime
) -> Chart:
    """Draw today's hours beside those of the same day last week. Future hours are left out."""
    hour = timezone.localtime(now).hour
    known = [number if at <= hour else None for at, number in enumerate(today)]
    series = [Series(_("today"), known, FIRST), Series(_("the same day last week"), before, SECOND)]
    labels = [f"{at:02}:00" for at in range(24)]
    return _chart(
        name,
        title,
        labels,
        series,
        explanation=_("The hour from %(hour)s has not ended yet.") % {"hour": labels[hour]},
        axes=(_("hour of the day"), unit),
        row_titles=[f"{label} *" if at == hour else label for at, label in enumerate(labels)],
    )


def durations(
    name: str,
    title: str,
    quantiles: Sequence[Quantiles | None],
    bounds: Sequence[datetime],
    chosen: TimeRange,
) -> Chart:
    """Draw the median and the 95th percentile by when the checks were created."""
    labels = [date_format(timezone.localtime(at), chosen.format) for at in bounds[:-1]]
    series = [
        Series(_("median"), [each and each["median"] for each in quantiles], FIRST),
        Series(_("95th percentile"), [each and each["p95"] for each in quantiles], SECOND),
    ]
    return _chart(name, title, labels, series, axes=(_("created from"), _("seconds")), digits=1)


def failures(name: str, lifetimes: Lifetimes) -> Chart:
    """Draw how often checks failed for each reason."""
    rows = [(_failure(each), each["number"]) for each in lifetimes["failures"]]
    if lifetimes["other_failures"]:
        rows.append((_("other reasons"), lifetimes["other_failures"]))
    series = [Series(_("failures"), [number for _label, number in rows], FIRST)]
    labels = [label for label, _number in rows]
    axes = (_("reason"), _("failures"))
    return _chart(name, _("Failures by reason"), labels, series, axes=axes, kind="bars")


def slowest_points(name: str, points: Sequence[Point], links: list[str], *, at_least: int) -> Chart:
    """Draw the points whose checks took the longest to be printed."""
    series = [
        Series(_("median"), [each["to_paper"]["median"] for each in points], FIRST),
        Series(_("95th percentile"), [each["to_paper"]["p95"] for each in points], SECOND),
    ]
    return _chart(
        name,
        _("The slowest points: from the order to the paper"),
        [_("point %(number)s") % {"number": each["point"]} for each in points],
        series,
        explanation=_("Points with fewer than %(n)s prints are left out.") % {"n": at_least},
        axes=(_("point"), _("seconds")),
        kind="bars",
        digits=1,
        links=links,
    )


def orders_and_checks(today: Created, before: Created, *, now: datetime) -> list[Chart]:
    orders, checks = (today["orders"], before["orders"]), (today["checks"], before["checks"])
    return [
        per_hour("orders", _("Orders per hour"), _("orders an hour"), *orders, now=now),
        per_hour("checks", _("Checks per hour"), _("checks an hour"), *checks, now=now),
    ]


def _chart(
    name: str,
    title: str,
    labels: Sequence[str],
    series: list[Series],
    *,
    axes: tuple[str, str],
    kind: str = "lines",
    digits: int = 0,
    explanation: str = "",
    row_titles: Sequence[str] = (),
    links: Sequence[str] = (),
) -> Chart:
    along, up = axes
    drawing = {
        "kind": kind,
        "labels": labels,
        "along": along,
        "up": up,
        "whole": digits == 0,
        "series": [each._asdict() for each in series],
    }
    table = [
        Row(row_title, [_cell(each.values[at], digits) for each in series], links[at] if links else "")
        for at, row_title in enumerate(row_titles or labels)
    ]
    return Chart(
        name=name,
        title=title,
        explanation=explanation,
        row_title=along,
        table=table,
        series=series,
        drawing=json.dumps(drawing, ensure_ascii=False),
        is_empty=not any(any(each.values) for each in series),
    )


def _cell(value: float | None, digits: int) -> str:
    """Write a number. Below one a second digit, so that hundredths of a second are not shown as nothing."""
    if value is None:
        return NOTHING
    digits += 1 if digits and value < 1 else 0
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def _failure(failure: Failures) -> str:
    stage = dict(STAGES).get(failure["stage"], failure["stage"])
    return f"{stage}: {reason_in_words(failure['reason'])}"

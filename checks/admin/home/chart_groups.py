"""The charts of the home page, computed at most once a minute for everybody."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.admin.home import charts, statistics
from checks.admin.home.charts import Chart
from checks.admin.home.statistics import Counted, Lived
from checks.admin.home.time_ranges import WEEK, Span, back_from, hours_of
from foundation.db.analytics import ReadTooSlowError
from foundation.remembered import remembered

logger = logging.getLogger(__name__)

KEPT_SECONDS = 60
MOST_A_DAY = 10_000  # checks that are read for the hours of one day


class Group(NamedTuple):
    """Charts of one reading: as of when, of a sample or of all, and what is to be said of it."""

    charts: list[Chart]
    as_of: datetime | None = None
    stride: int = 1
    is_kept: bool = True

    @property
    def is_available(self) -> bool:
        return self.as_of is not None


def hours_of_today(now: datetime) -> Group:
    """Show the orders and checks per hour today beside last week's."""

    def compute() -> dict[str, Any]:
        today = timezone.localdate(now)
        counted = [statistics.count_created(hours_of(day), most=MOST_A_DAY) for day in (today, today - WEEK)]
        return {"as_of": now.isoformat(), "today": counted[0], "before": counted[1]}

    def present(as_of: datetime, kept: dict[str, Any]) -> Group:
        today: Counted = kept["today"]
        before: Counted = kept["before"]
        stride = max(today["stride"], before["stride"])
        return Group(charts.orders_and_checks(today, before, now=as_of), as_of, stride)

    return _group("hours", compute, present)


def fortunes(now: datetime, span: Span) -> Group:
    """Show how the checks fared that were created within the span."""

    def compute() -> dict[str, Any]:
        return {"as_of": now.isoformat(), "lived": statistics.follow_lives(back_from(now, span))}

    def present(as_of: datetime, kept: dict[str, Any]) -> Group:
        lived: Lived = kept["lived"]
        bounds = back_from(as_of, span)
        checks = reverse("admin:checks_check_changelist")
        links = [f"{checks}?f-point={each['point']}" for each in lived["points"]]
        shown = [
            charts.durations("to_pdf", _("From the order to the PDF"), lived["to_pdf"], bounds, span),
            charts.durations("to_paper", _("From the order to the paper"), lived["to_paper"], bounds, span),
            charts.failures("failures", lived),
            charts.slowest_points("points", lived["points"], links, fewest=statistics.FEWEST_PRINTS),
        ]
        return Group(shown, as_of, lived["stride"])

    return _group(span.name, compute, present)


def _group(
    name: str,
    compute: Callable[[], dict[str, Any]],
    present: Callable[[datetime, dict[str, Any]], Group],
) -> Group:
    """Present what is kept or computed; nothing, for as long, where the database does not give it in time."""

    def compute_in_time() -> dict[str, Any] | None:
        try:
            return compute()
        except (DatabaseError, ReadTooSlowError) as error:
            logger.warning("The charts of the home page (%s) are missing: %s", name, type(error).__name__)
            return None

    kept, is_kept = remembered(f"home:{name}", seconds=KEPT_SECONDS, compute=compute_in_time)
    if kept is None:
        return Group([], is_kept=is_kept)
    return present(datetime.fromisoformat(kept["as_of"]), kept)._replace(is_kept=is_kept)

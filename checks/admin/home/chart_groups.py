"""The charts of the first page. They are computed at most once a minute, for all users together."""

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
from checks.admin.home.statistics import Created, Lifetimes
from checks.admin.home.time_ranges import WEEK, TimeRange, bounds_of_day, bounds_until
from foundation.cached import cached
from foundation.db.analytics import ReadTooSlowError

logger = logging.getLogger(__name__)

CACHE_SECONDS = 60
MAX_CHECKS_PER_DAY = 10_000  # read for the hours of one day


class Group(NamedTuple):
    """Charts that were read together. Without `as_of` the database did not answer in time.

    The numbers are of one check in `stride`. `is_cached` is False while Redis does not answer.
    """

    charts: list[Chart]
    as_of: datetime | None = None
    stride: int = 1
    is_cached: bool = True

    @property
    def is_available(self) -> bool:
        return self.as_of is not None


def hours_of_today(now: datetime) -> Group:
    """Show today's orders and checks per hour beside last week's."""

    def compute() -> dict[str, Any]:
        today = timezone.localdate(now)
        counts = [
            statistics.count_created(bounds_of_day(day), at_most=MAX_CHECKS_PER_DAY)
            for day in (today, today - WEEK)
        ]
        return {"as_of": now.isoformat(), "today": counts[0], "before": counts[1]}

    def present(as_of: datetime, cached: dict[str, Any]) -> Group:
        today: Created = cached["today"]
        before: Created = cached["before"]
        stride = max(today["stride"], before["stride"])
        return Group(charts.orders_and_checks(today, before, now=as_of), as_of, stride)

    return _group("hours", compute, present)


def durations_and_failures(now: datetime, chosen: TimeRange) -> Group:
    """Show how long the checks created within the range took, and why some of them failed."""

    def compute() -> dict[str, Any]:
        return {
            "as_of": now.isoformat(),
            "lifetimes": statistics.measure_lifetimes(bounds_until(now, chosen)),
        }

    def present(as_of: datetime, cached: dict[str, Any]) -> Group:
        lifetimes: Lifetimes = cached["lifetimes"]
        bounds = bounds_until(as_of, chosen)
        checks = reverse("admin:checks_check_changelist")
        links = [f"{checks}?f-point={each['point']}" for each in lifetimes["points"]]
        to_pdf, to_paper = lifetimes["to_pdf"], lifetimes["to_paper"]
        shown = [
            charts.durations("to_pdf", _("From the order to the PDF"), to_pdf, bounds, chosen),
            charts.durations("to_paper", _("From the order to the paper"), to_paper, bounds, chosen),
            charts.failures("failures", lifetimes),
            charts.slowest_points("points", lifetimes["points"], links, at_least=statistics.MIN_PRINTS),
        ]
        return Group(shown, as_of, lifetimes["stride"])

    return _group(chosen.name, compute, present)


def _group(
    name: str,
    compute: Callable[[], dict[str, Any]],
    present: Callable[[datetime, dict[str, Any]], Group],
) -> Group:
    """Present the cached or computed values. A failure is cached too, to spare the database."""

    def compute_in_time() -> dict[str, Any] | None:
        try:
            return compute()
        except (DatabaseError, ReadTooSlowError) as error:
            logger.warning("The charts of the first page (%s) are missing: %s", name, type(error).__name__)
            return None

    value, is_cached = cached(f"home:{name}", seconds=CACHE_SECONDS, compute=compute_in_time)
    if value is None:
        return Group([], is_cached=is_cached)
    return present(datetime.fromisoformat(value["as_of"]), value)._replace(is_cached=is_cached)

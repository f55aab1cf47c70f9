"""Statistics of many checks, read from their events: their number, how long they took, why they failed.

They are about the checks created within a time range. Check ids grow with time, so a bisection over the index
of streams finds both ends of the range. Then every check between them is read, or one in `stride` where there
are too many. So the cost does not depend on the size of the log. Pages must show the stride.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from django.db import connections

from foundation.db.analytics import analytical_reads

MAX_CHECKS = 20_000  # read for one time range
MAX_EVENTS_PER_CHECK = 50
STATEMENT_SECONDS = 3
MAX_REASONS = 8
MAX_POINTS = 10
MIN_PRINTS = 5  # of a point, for its times to be meaningful
# Ids and times are assigned at different moments, so a later check may have an earlier time.
DISORDER = timedelta(minutes=1)

# Each step halves the ids between `low` and `high`: the first check from the middle on decides which half.
BISECT = """
    WITH RECURSIVE narrowed (sought, low, high) AS (
        SELECT sought, ends.low, ends.high
        FROM unnest(%(moments)s::timestamptz[]) AS sought
        CROSS JOIN (SELECT min(check_id) AS low, max(check_id) + 1 AS high FROM events_event) AS ends
        UNION ALL
        SELECT sought,
               CASE WHEN probe.occurred_at < sought THEN probe.check_id + 1 ELSE low END,
               CASE WHEN probe.occurred_at < sought THEN high ELSE (low + high) / 2 END
        FROM narrowed
        LEFT JOIN LATERAL (
            SELECT check_id, occurred_at FROM events_event
            WHERE check_id >= (low + high) / 2 AND version = 1 ORDER BY check_id LIMIT 1
        ) AS probe ON true
        WHERE low < high
    )
    SELECT low FROM narrowed WHERE low >= high ORDER BY sought
"""
# One check out of every `stride` neighbours. The choice looks random, so that it is not always the kitchen's
# check, and is the same at every call. The LIMIT makes the planner look each check up in the index.
PICKED = """
    FROM generate_series(0, %(strides)s - 1) AS number
    CROSS JOIN LATERAL (
        SELECT check_id, occurred_at, data FROM events_event
        WHERE version = 1 AND check_id = %(first)s + number * %(stride)s
            + ('x' || substr(md5(number::text), 1, 7))::bit(28)::int %% %(stride)s
        LIMIT 1
    ) AS created
"""
WITHIN = "created.occurred_at >= %(since)s AND created.occurred_at < %(until)s"
BUCKET = "width_bucket(created.occurred_at, %(bounds)s::timestamptz[])"

# Counting only the first check of each order counts the orders.
CREATED = f"""
    SELECT {BUCKET} AS bucket, count(*), count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM checks_check AS earlier
        WHERE earlier.order_id = (created.data ->> 'order_id')::bigint AND earlier.id < created.check_id
    ))
    {PICKED} WHERE {WITHIN} GROUP BY bucket
"""  # noqa: S608 - all of it is written above

LIFETIMES = f"""
    WITH lifetimes AS (
        SELECT {BUCKET} AS bucket, created.data ->> 'point_id' AS point, failures,
               extract(epoch FROM rendered_at - created.occurred_at) AS to_pdf,
               extract(epoch FROM printed_at - created.occurred_at) AS to_paper
        {PICKED}
        CROSS JOIN LATERAL (
            SELECT min(occurred_at) FILTER (WHERE type = 'rendered') AS rendered_at,
                   min(occurred_at) FILTER (WHERE type = 'printed') AS printed_at,
                   array_agg(data) FILTER (WHERE type = 'failed') AS failures
            FROM events_event
            WHERE check_id = created.check_id AND version BETWEEN 2 AND %(max_events)s
        ) AS later
        WHERE {WITHIN}
    )
    SELECT (
        SELECT json_agg(each) FROM (
            SELECT bucket, count(*) AS checks,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_pdf) AS to_pdf,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_paper) AS to_paper
            FROM lifetimes GROUP BY bucket
        ) AS each
    )::text, (
        SELECT json_agg(each) FROM (
            SELECT failure ->> 'stage' AS stage, left(failure ->> 'reason', 80) AS reason, count(*) AS number,
                   sum(count(*)) OVER () AS total
            FROM lifetimes CROSS JOIN LATERAL unnest(failures) AS failure
            GROUP BY 1, 2 ORDER BY number DESC, stage, reason LIMIT %(max_reasons)s
        ) AS each
    )::text, (
        SELECT json_agg(each) FROM (
            SELECT point, count(to_paper) AS prints,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_paper) AS to_paper
            FROM lifetimes GROUP BY point HAVING count(to_paper) >= %(min_prints)s
            ORDER BY (percentile_cont(0.95) WITHIN GROUP (ORDER BY to_paper)) DESC, point LIMIT %(max_points)s
        ) AS each
    )::text
"""  # noqa: S608 - all of it is written above


class Created(TypedDict):
    """Orders and checks created in each bucket. Numbers from a sample are multiplied by the stride."""

    stride: int
    orders: list[int]
    checks: list[int]


class Quantiles(TypedDict):
    """In seconds."""

    median: float
    p95: float


class Failures(TypedDict):
    stage: str
    reason: str
    number: int


class Point(TypedDict):
    point: str
    prints: int
    to_paper: Quantiles


class Lifetimes(TypedDict):
    """Durations by the bucket in which checks were created, failures by reason, and the slowest points."""

    stride: int
    checks: int
    to_pdf: list[Quantiles | None]
    to_paper: list[Quantiles | None]
    failures: list[Failures]
    other_failures: int
    points: list[Point]


class _Sample(NamedTuple):
    first: int
    stride: int
    strides: int


def count_created(bounds: Sequence[datetime], *, at_most: int = MAX_CHECKS) -> Created:
    """Count the orders and checks created between each two bounds. Two queries."""
    with _reading() as cursor:
        sample = _sample(cursor, bounds, at_most)
        cursor.execute(CREATED, _parameters(sample, bounds))
        rows = {bucket: (checks, orders) for bucket, checks, orders in cursor.fetchall()}
    numbers = [rows.get(bucket, (0, 0)) for bucket in range(1, len(bounds))]
    return {
        "stride": sample.stride,
        "orders": [orders * sample.stride for _, orders in numbers],
        "checks": [checks * sample.stride for checks, _ in numbers],
    }


def measure_lifetimes(bounds: Sequence[datetime], *, at_most: int = MAX_CHECKS) -> Lifetimes:
    """Measure the checks created between each two bounds. Two queries."""
    with _reading() as cursor:
        sample = _sample(cursor, bounds, at_most)
        cursor.execute(LIFETIMES, _parameters(sample, bounds))
        buckets, failures, points = (json.loads(text) if text else [] for text in cursor.fetchone())
    stride, by_bucket = sample.stride, {each["bucket"]: each for each in buckets}
    in_order = [by_bucket.get(bucket, {}) for bucket in range(1, len(bounds))]
    shown = sum(each["number"] for each in failures)
    total = int(failures[0]["total"]) if failures else 0
    return {
        "stride": stride,
        "checks": stride * sum(each["checks"] for each in buckets),
        "to_pdf": [_quantiles(each.get("to_pdf")) for each in in_order],
        "to_paper": [_quantiles(each.get("to_paper")) for each in in_order],
        "failures": [
            {"stage": each["stage"], "reason": each["reason"], "number": each["number"] * stride}
            for each in failures
        ],
        "other_failures": (total - shown) * stride,
        "points": [
            {"point": each["point"], "prints": each["prints"] * stride, "to_paper": quantiles}
            for each in points
            if (quantiles := _quantiles(each["to_paper"]))
        ],
    }


@contextmanager
def _reading() -> Iterator[Any]:
    """Open a cursor on the analysts' database with a short statement timeout."""
    with analytical_reads(seconds=STATEMENT_SECONDS) as alias, connections[alias].cursor() as cursor:
        yield cursor


def _sample(cursor: Any, bounds: Sequence[datetime], at_most: int) -> _Sample:
    """Choose the checks to read. A range without checks has no strides."""
    cursor.execute(BISECT, {"moments": [bounds[0] - DISORDER, bounds[-1] + DISORDER]})
    ends = [low for (low,) in cursor.fetchall()]
    if len(ends) < 2:
        return _Sample(0, 1, 0)
    first, behind = ends
    stride = max(1, -(-(behind - first) // at_most))
    return _Sample(first, stride, -(-(behind - first) // stride))


def _parameters(sample: _Sample, bounds: Sequence[datetime]) -> dict[str, Any]:
    return {
        **sample._asdict(),
        "bounds": list(bounds),
        "since": bounds[0],
        "until": bounds[-1],
        "max_events": MAX_EVENTS_PER_CHECK,
        "max_reasons": MAX_REASONS,
        "max_points": MAX_POINTS,
        "min_prints": MIN_PRINTS,
    }


def _quantiles(values: list[float | None] | None) -> Quantiles | None:
    """Return both quantiles, at least 0 whatever the clocks did; None if nothing was measured."""
    if not values or values[0] is None or values[1] is None:
        return None
    return {"median": max(values[0], 0.0), "p95": max(values[1], 0.0)}

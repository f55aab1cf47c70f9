"""What the events tell of many checks: how many there were, how long they took, why they failed.

Every figure speaks of the checks that were created in a window of time. Their ids grow with time, so the
window's ends are found by bisection over the index of streams, which the log has anyway; then every check in
between is read, or, where there are more than is bearable, one out of each so many. The price is therefore
the same for every size of the log. Whoever shows such a figure says what it is a sample of: `stride`.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from django.db import connections

from foundation.db.analytics import analytical_reads

MOST_CHECKS = 20_000  # that are read for one window
LONGEST_LIFE = 50  # events of a check that are read
STATEMENT_SECONDS = 3
SHOWN_REASONS = 8
SHOWN_POINTS = 10
FEWEST_PRINTS = 5  # of a point, for its times to say something
# Ids and times are given out apart from each other, so that neighbours may be the other way round.
DISORDER = timedelta(minutes=1)

# Each step halves what is left between `low` and `high`; the first check from there on tells which half.
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
# One check out of each `stride` neighbours. Which one looks random, so that it is not always the kitchen's,
# and is the same at each call. The LIMIT makes it a look-up for each, whatever the planner thinks of it.
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

# An order counts with the first of its checks.
CREATED = f"""
    SELECT {BUCKET} AS bucket, count(*), count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM checks_check AS earlier
        WHERE earlier.order_id = (created.data ->> 'order_id')::bigint AND earlier.id < created.check_id
    ))
    {PICKED} WHERE {WITHIN} GROUP BY bucket
"""  # noqa: S608 - all of it is written above

LIVES = f"""
    WITH lives AS (
        SELECT {BUCKET} AS bucket, created.data ->> 'point_id' AS point, failures,
               extract(epoch FROM rendered_at - created.occurred_at) AS to_pdf,
               extract(epoch FROM printed_at - created.occurred_at) AS to_paper
        {PICKED}
        CROSS JOIN LATERAL (
            SELECT min(occurred_at) FILTER (WHERE type = 'rendered') AS rendered_at,
                   min(occurred_at) FILTER (WHERE type = 'printed') AS printed_at,
                   array_agg(data) FILTER (WHERE type = 'failed') AS failures
            FROM events_event
            WHERE check_id = created.check_id AND version BETWEEN 2 AND %(longest)s
        ) AS later
        WHERE {WITHIN}
    )
    SELECT (
        SELECT json_agg(each) FROM (
            SELECT bucket, count(*) AS checks,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_pdf) AS to_pdf,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_paper) AS to_paper
            FROM lives GROUP BY bucket
        ) AS each
    )::text, (
        SELECT json_agg(each) FROM (
            SELECT failure ->> 'stage' AS stage, left(failure ->> 'reason', 80) AS reason, count(*) AS number,
                   sum(count(*)) OVER () AS total
            FROM lives CROSS JOIN LATERAL unnest(failures) AS failure
            GROUP BY 1, 2 ORDER BY number DESC, stage, reason LIMIT %(reasons)s
        ) AS each
    )::text, (
        SELECT json_agg(each) FROM (
            SELECT point, count(to_paper) AS prints,
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_paper) AS to_paper
            FROM lives GROUP BY point HAVING count(to_paper) >= %(fewest)s
            ORDER BY (percentile_cont(0.95) WITHIN GROUP (ORDER BY to_paper)) DESC, point LIMIT %(points)s
        ) AS each
    )::text
"""  # noqa: S608 - all of it is written above


class Counted(TypedDict):
    """Orders and checks that were created in each stretch of a window; numbers of a sample are projected."""

    stride: int
    orders: list[int]
    checks: list[int]


class Spread(TypedDict):
    """Seconds: half of the checks took no longer, and nineteen in twenty."""

    median: float
    p95: float


class Failures(TypedDict):
    stage: str
    reason: str
    number: int


class Point(TypedDict):
    point: str
    prints: int
    to_paper: Spread


class Lived(TypedDict):
    """How the checks of a window fared, by the stretch in which they were created."""

    stride: int
    checks: int
    to_pdf: list[Spread | None]
    to_paper: list[Spread | None]
    failures: list[Failures]
    other_failures: int
    points: list[Point]


class _Sample(NamedTuple):
    first: int
    stride: int
    strides: int


def count_created(bounds: Sequence[datetime], *, most: int = MOST_CHECKS) -> Counted:
    """Count the orders and checks created from each of the bounds to the next. Two queries."""
    with _reading() as cursor:
        sample = _sample(cursor, bounds, most)
        cursor.execute(CREATED, _parameters(sample, bounds))
        rows = {bucket: (checks, orders) for bucket, checks, orders in cursor.fetchall()}
    numbers = [rows.get(bucket, (0, 0)) for bucket in range(1, len(bounds))]
    return {
        "stride": sample.stride,
        "orders": [orders * sample.stride for _, orders in numbers],
        "checks": [checks * sample.stride for checks, _ in numbers],
    }


def follow_lives(bounds: Sequence[datetime], *, most: int = MOST_CHECKS) -> Lived:
    """Tell how those fared that were created from each of the bounds to the next. Two queries."""
    with _reading() as cursor:
        sample = _sample(cursor, bounds, most)
        cursor.execute(LIVES, _parameters(sample, bounds))
        buckets, failures, points = (json.loads(text) if text else [] for text in cursor.fetchone())
    stride, by_bucket = sample.stride, {each["bucket"]: each for each in buckets}
    stretches = [by_bucket.get(bucket, {}) for bucket in range(1, len(bounds))]
    told = sum(each["number"] for each in failures)
    total = int(failures[0]["total"]) if failures else 0
    return {
        "stride": stride,
        "checks": stride * sum(each["checks"] for each in buckets),
        "to_pdf": [_spread(each.get("to_pdf")) for each in stretches],
        "to_paper": [_spread(each.get("to_paper")) for each in stretches],
        "failures": [
            {"stage": each["stage"], "reason": each["reason"], "number": each["number"] * stride}
            for each in failures
        ],
        "other_failures": (total - told) * stride,
        "points": [
            {"point": each["point"], "prints": each["prints"] * stride, "to_paper": spread}
            for each in points
            if (spread := _spread(each["to_paper"]))
        ],
    }


@contextmanager
def _reading() -> Iterator[Any]:
    """Read with a cursor on the analysts' database, for no longer than the figures are worth."""
    with analytical_reads(seconds=STATEMENT_SECONDS) as alias, connections[alias].cursor() as cursor:
        yield cursor


def _sample(cursor: Any, bounds: Sequence[datetime], most: int) -> _Sample:
    """Choose which checks stand for the window; no strides where there are none."""
    cursor.execute(BISECT, {"moments": [bounds[0] - DISORDER, bounds[-1] + DISORDER]})
    ends = [low for (low,) in cursor.fetchall()]
    if len(ends) < 2:
        return _Sample(0, 1, 0)
    first, behind = ends
    stride = max(1, -(-(behind - first) // most))
    return _Sample(first, stride, -(-(behind - first) // stride))


def _parameters(sample: _Sample, bounds: Sequence[datetime]) -> dict[str, Any]:
    return {
        **sample._asdict(),
        "bounds": list(bounds),
        "since": bounds[0],
        "until": bounds[-1],
        "longest": LONGEST_LIFE,
        "reasons": SHOWN_REASONS,
        "points": SHOWN_POINTS,
        "fewest": FEWEST_PRINTS,
    }


def _spread(quantiles: list[float | None] | None) -> Spread | None:
    """Take the two quantiles, at least 0 whatever the clock did; None where nothing was measured."""
    if not quantiles or quantiles[0] is None or quantiles[1] is None:
        return None
    return {"median": max(quantiles[0], 0.0), "p95": max(quantiles[1], 0.0)}

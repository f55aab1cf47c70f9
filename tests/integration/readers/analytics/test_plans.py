"""The plans of analysts' questions …"""

import re

import pytest
from django.db import connection

from tests.integration.readers.analytics.test_questions import QUESTIONS, VARIABLES

CHECKS = 20_000  # one every 5 minutes, over ten weeks

FILL = """
    INSERT INTO checks_check
        (id, printer_id, type, "order", order_salt, order_id, status, pdf_file, version, status_changed_at)
    SELECT n, %(printer)s, 'kitchen', '{}', '', n, 'printed', '', 4, now()
    FROM generate_series(1, %(checks)s) n;
    INSERT INTO events_event
        (check_id, version, type, schema_version, data, actor, correlation_id, occurred_at, recorded_at,
         event_uid, hash, prev_hash)
    SELECT n, version, (ARRAY['created', 'rendered', 'downloaded', 'printed'])[version], 1,
           jsonb_build_object('order_id', n::text, 'point_id', 1, 'printer_id', 1, 'type', 'kitchen',
                              'order_digest', repeat('0', 64)),
           'worker:1', md5('0')::uuid, moment, moment, md5(n::text || version)::uuid,
           decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
    FROM generate_series(1, %(checks)s) n, generate_series(1, 4) version,
         LATERAL (
             SELECT timestamptz '2025-12-10 00:00+03' + n * interval '5 minutes' + version * interval '1 s'
         ) AS times (moment)
    ORDER BY n, version;
    ANALYZE events_event
"""
VIEWS = {
    "check_lifecycle": (
        "SELECT * FROM analytics.check_lifecycle WHERE created_at >= {day} AND created_at < {next}"
    ),
    "check_transition by its time": (
        "SELECT * FROM analytics.check_transition WHERE occurred_at >= {day} AND occurred_at < {next}"
    ),
    "check_transition by the time of writing": (
        "SELECT * FROM analytics.check_transition WHERE recorded_at >= {day} AND recorded_at < {next}"
    ),
    "check_transition of a check": "SELECT * FROM analytics.check_transition WHERE check_id = 77",
    "check_lifecycle of a check": "SELECT * FROM analytics.check_lifecycle WHERE check_id = 77",
    "order_completion": (
        "SELECT * FROM analytics.order_completion WHERE created_at >= {day} AND created_at < {next}"
    ),
    "printer_day": "SELECT * FROM analytics.printer_day WHERE starts_at >= {day} AND starts_at < {next}",
    "point_hour": "SELECT * FROM analytics.point_hour WHERE starts_at >= {day} AND starts_at < {next}",
}
DAY = {"day": "timestamptz '2026-01-12 00:00+03'", "next": "timestamptz '2026-01-13 00:00+03'"}


SUMMARIES = """
    INSERT INTO analytics.printer_day
    SELECT moment, moment::date, printer, 1, 'kitchen', 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, moment
    FROM generate_series(1, 200) printer,
         generate_series('2025-10-01', '2026-01-20', interval '1 day') moment;
    INSERT INTO analytics.point_hour
    SELECT moment, point, 1, 1, 1, 1, 0, 0, 1, 1, moment
    FROM generate_series(1, 10) point, generate_series('2025-10-01', '2026-01-20', interval '1 hour') moment;
    ANALYZE analytics.printer_day;
    ANALYZE analytics.point_hour
"""


@pytest.fixture
def _long_log(printers: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"checks": CHECKS, "printer": 1})
        for table in ("printer_day", "point_hour"):
            cursor.execute(f"DELETE FROM analytics.{table}")  # noqa: S608 - names of ours
        cursor.execute(SUMMARIES)


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def index_of(name: str) -> str:
    if name.endswith("of a check"):
        return "events_event_stream_version"
    table = name.split()[0]
    if table in {"printer_day", "point_hour"}:
        return f"{table}_pkey"
    return "events_event_recorded_at" if "writing" in name else "events_event_occurred_at"


@pytest.mark.usefixtures("_long_log")
def test_they_read_of_every_view_what_an_index_gives() -> None:
    plans = {name: plan(sql.format(**DAY)) for name, sql in VIEWS.items()}

    whole = re.compile(r"Seq Scan|events_event_type")
    assert {name: found for name, found in plans.items() if whole.search(found)} == {}
    assert {name: found for name, found in plans.items() if index_of(name) not in found} == {}


@pytest.mark.usefixtures("_long_log")
def test_they_find_the_range_of_every_question_by_an_index() -> None:
    plans = {}
    for number, sql in QUESTIONS.items():
        for name, value in VARIABLES.items():
            sql = sql.replace(f":'{name}'", f"'{value}'")
        plans[number] = plan(sql)

    assert {number: found for number, found in plans.items() if "Seq Scan" in found} == {}
    times = re.compile(r"events_event_(occurred_at|type)|_pkey")  # of reprints their type is enough
    assert {number: found for number, found in plans.items() if not times.search(found)} == {}

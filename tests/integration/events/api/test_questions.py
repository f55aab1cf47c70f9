"""DuckDB on an export gives what SQL on the tables gives: …"""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection

from checks import services
from foundation.context import Actor
from tests.support.helpers import record_render, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

EVENING = datetime(2026, 1, 15, 18, 0, tzinfo=timezone.utc)

# Of each question the same statement twice: what differs is how JSON and quarters of an hour are written.
PRINTED_IN_TIME = """
    SELECT {point} AS point, count(*) FILTER (WHERE p.at - c.occurred_at <= interval '60 seconds'), count(*)
    FROM {events} c
    LEFT JOIN (
        SELECT check_id, min(occurred_at) AS at FROM {events} WHERE type = 'printed' GROUP BY check_id
    ) p ON p.check_id = c.check_id
    WHERE c.type = 'created' GROUP BY 1 ORDER BY 1
"""
REPRINTS = """
    SELECT {reason}, count(*) FROM {events} c WHERE c.type = 'reprinted' GROUP BY 1 ORDER BY 2 DESC, 1
"""
BUSIEST = """
    SELECT CAST(floor(extract(epoch FROM c.occurred_at) / 900) AS bigint), count(*)
    FROM {events} c WHERE c.type = 'created' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
"""
IN_POSTGRES = {
    "events": "events_event",
    "point": "CAST(c.data->>'point_id' AS bigint)",
    "reason": "c.data->>'reason'",
}
IN_DUCKDB = {
    "events": "read_parquet('{folder}/day=*/*.parquet')",
    "point": "CAST(json_extract_string(c.data, '$.point_id') AS bigint)",
    "reason": "json_extract_string(c.data, '$.reason')",
}


@pytest.fixture
def lake(printers: Any, order: Any, tmp_path: Path) -> Path:
    """Twelve orders of an evening at two points, exported in two runs."""
    for number in range(12):
        if number == 6:
            wait_until_settled()
            export(tmp_path)
        serve(order, number)
    wait_until_settled()
    export(tmp_path)
    return tmp_path


def serve(order: Any, number: int) -> None:
    """One order from the post to the paper: some are late, some are printed twice, one not at all."""
    now = EVENING + timedelta(minutes=4 * number)
    order_id, point = 1000 + number, 1 + number % 2
    checks = services.create_checks(
        order={**order, "id": order_id, "point_id": point}, actor=Actor.order_system(), now=now
    )
    for check in checks:
        record_render(check.type, now=now + timedelta(seconds=2), order_id=order_id)
        if number == 11:
            continue
        printed = now + timedelta(seconds=90 if number % 3 == 0 else 20)
        services.mark_printed(check_id=check.pk, actor=Actor.command(), now=printed)
        if number % 4 == 0:
            reason = "замялась бумага" if number % 8 else "потеряли"
            services.reprint_check(check_id=check.pk, reason=reason, actor=Actor.command(), now=printed)


def export(folder: Path) -> None:
    call_command("export_events", str(folder), "--quiet", "--format", "parquet", verbosity=0)


@pytest.mark.parametrize(
    "question", [PRINTED_IN_TIME, REPRINTS, BUSIEST], ids=["in time", "reprints", "busiest"]
)
def test_it_is_so(lake: Path, question: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(question.format(**IN_POSTGRES))
        expected = [tuple(row) for row in cursor.fetchall()]
    names = {name: text.replace("{folder}", str(lake)) for name, text in IN_DUCKDB.items()}

    answer = duckdb.connect().execute(question.format(**names)).fetchall()

    assert answer == expected
    assert answer
    assert all(all(cell is not None for cell in row) for row in answer)

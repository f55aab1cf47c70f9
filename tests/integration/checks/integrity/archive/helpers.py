"""Orders that are finished, erased and sealed, and what the tables and the archive have of them."""

import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection

from checks import services
from checks.integrity.archive import Archived, archive
from checks.models import Check
from events.models import ArchivedCheck, Event
from events.seals.sealing import seal_settled
from foundation.context import Actor
from readers.analytics import summaries
from readers.metrics import tally
from readers.webhooks import follower
from tests.conftest import EXAMPLE_ORDER, NOW
from tests.support.helpers import record_render, wait_until_settled

STAFF = Actor("command")
CREATED = NOW - timedelta(days=60)
ERASED = NOW - timedelta(days=30)
BEFORE = NOW - timedelta(days=7)
TABLES = ("checks_check", "checks_historicalcheck", "events_event", "events_seal")


def create(order_id: int, now: datetime = CREATED) -> list[Check]:
    return services.create_checks(
        order={**EXAMPLE_ORDER, "id": order_id}, actor=Actor.order_system(), now=now
    )


def close(checks: list[Check], now: datetime = CREATED) -> None:
    """Put the kitchen's check on paper; the client's fails."""
    kitchen, client = checks
    record_render(now=now, order_id=kitchen.order_id)
    services.mark_printed(check_id=kitchen.pk, actor=STAFF, now=now)
    services.mark_failed(check_id=client.pk, reason="jam", actor=STAFF, now=now)


def finished_order(order_id: int, now: datetime = CREATED) -> list[Check]:
    checks = create(order_id, now)
    close(checks, now)
    return checks


def erase(order_id: int, now: datetime = ERASED) -> None:
    services.erase_order(order_id=order_id, actor=STAFF, now=now)


def settle() -> None:
    """Seal and count what there is, as the upkeep does."""
    wait_until_settled()
    seal_settled(now=NOW)
    tally.catch_up()
    follower.catch_up(now=NOW)
    summaries.catch_up(now=NOW, zone=ZoneInfo("UTC"))


def run(folder: Path, step: Callable[[str], None] = lambda _: None, **options: Any) -> list[Archived]:
    return list(archive(**{"before": BEFORE, "folder": folder, "now": NOW, "step": step, **options}))


def verified(*check_ids: str, **options: Any) -> tuple[int, list[str]]:
    """Run verify_events; return its exit code and its lines."""
    out = StringIO()
    try:
        call_command("verify_events", *check_ids, quiet=True, stdout=out, **options)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def rows_of(order_ids: list[int]) -> list[str]:
    """Return everything that the tables have of these orders, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT checks_check::text FROM checks_check WHERE order_id = ANY(%s)
            UNION ALL SELECT checks_historicalcheck::text FROM checks_historicalcheck WHERE order_id = ANY(%s)
            UNION ALL SELECT events_event::text FROM events_event
                WHERE check_id IN (SELECT id FROM checks_historicalcheck WHERE order_id = ANY(%s))
            ORDER BY 1
            """,
            [order_ids] * 3,
        )
        return [row[0] for row in cursor.fetchall()]


def in_files(folder: Path) -> list[dict[str, Any]]:
    """Return the checks in all complete parts."""
    manifests = sorted(folder.glob("*/*.json"))
    return [
        json.loads(line)
        for manifest in manifests
        for line in gzip.decompress(manifest.with_suffix(".ndjson.gz").read_bytes()).splitlines()
    ]


def everywhere(folder: Path) -> dict[str, list[int]]:
    """Return the ids of the events in the tables, and in the parts that they list."""
    listed = set(ArchivedCheck.objects.values_list("check_id", flat=True))
    archived = [line for line in in_files(folder) if line["check"]["id"] in listed]
    return {
        "tables": sorted(Event.objects.values_list("id", flat=True)),
        "archive": sorted(event["id"] for line in archived for event in line["events"]),
    }

"""Checks with a whole life behind them, written as fast as PostgreSQL takes them.

Every check is led through `checks.domain.fold` to its end, and its events are chained as `events.log.append`
chains them: `verify_events` finds nothing to say against the result.
"""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from secrets import token_bytes
from typing import Any, NamedTuple
from uuid import uuid4

from checks.domain import event_types as happened
from checks.domain.fold import evolve
from checks.domain.order_digest import order_digest
from checks.domain.projection import projection
from checks.domain.state import CheckState
from dev.bench.client import order_body
from dev.bench.database import connect
from dev.bench.load import Ready, side_by_side
from events.log.hashing import GENESIS, HashedFields, event_hash
from events.log.registry import registry
from printers.models import Printer

POINTS = 100
BATCH = 5_000  # checks a transaction
WRITERS = 2
FIRST_ORDER = 10**12  # far from what the clients post
WAITING = 4  # the first checks stay in their printers' queues
EPOCH = datetime(2026, 1, 1, tzinfo=timezone.utc)

_COLUMNS = {
    "checks_check": (
        'id, printer_id, type, "order", order_salt, order_id, status, pdf_file, version, '
        "status_changed_at, lease_expires_at"
    ),
    "events_event": (
        "check_id, version, type, schema_version, data, actor, correlation_id, occurred_at, event_uid, "
        "hash, prev_hash"
    ),
    "checks_historicalcheck": (
        "id, printer_id, type, order_id, status, pdf_file, version, status_changed_at, lease_expires_at, "
        "history_date, history_change_reason, history_type, history_user_id"
    ),
}


class Place(NamedTuple):
    """A point's two printers, the kitchen's first."""

    point_id: int
    printer_ids: tuple[int, int]


def add_printers() -> list[Place]:
    """Add points with two printers each beside point 1; give all of them."""
    for point in range(1001, 1001 + POINTS):
        for kind in ("kitchen", "client"):
            Printer.objects.get_or_create(
                api_key=f"bench-{point}-{kind}",
                defaults={"name": f"{point} {kind}", "check_type": kind, "point_id": point},
            )
    points = [1, *range(1001, 1001 + POINTS)]
    ids = {(each.point_id, each.check_type): each.pk for each in Printer.objects.all()}
    return [Place(point, (ids[point, "kitchen"], ids[point, "client"])) for point in points]


def fill(checks: int, places: list[Place]) -> None:
    """Write so many further checks, an even number; analyse the tables afterwards."""
    first_id = _reserve(checks)
    batches = [
        range(start, min(start + BATCH, first_id + checks))
        for start in range(first_id, first_id + checks, BATCH)
    ]

    def write(writer: int, ready: Ready) -> None:
        ready()
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SET session_replication_role = replica"
            )  # no check of foreign keys: they are ours
            for batch in batches[writer::WRITERS]:
                _write(cursor, batch, places)
                connection.commit()

    side_by_side(WRITERS, write)
    connection = connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _reserve(checks: int) -> int:
    """Take so many ids of checks out of their sequence; give the first."""
    sequence = "pg_get_serial_sequence('checks_check', 'id')"
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence})")
        first: int = cursor.fetchone()[0]
        cursor.execute(f"SELECT setval({sequence}, %s)", [first + checks - 1])
    return first


def _write(cursor: Any, check_ids: range, places: list[Place]) -> None:
    rows = {table: io.StringIO() for table in _COLUMNS}
    for check_id in check_ids:
        for table, cells in lives(check_id, places):
            rows[table].write("\t".join(map(cell, cells)) + "\n")
    for table, columns in _COLUMNS.items():
        rows[table].seek(0)
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", rows[table])


def cell(value: Any) -> str:
    """Write a value as COPY's text format has it."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def lives(check_id: int, places: list[Place]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give the rows of one check, each with its table: events and history records, then the check itself."""
    order_id = FIRST_ORDER + check_id // 2
    place = places[check_id // 2 % len(places)] if check_id > WAITING + 2 else places[0]
    side = check_id % 2
    order = json.loads(order_body(order_id)) | {"point_id": place.point_id}
    salt = token_bytes(16)
    created = happened.Created(
        order_id=str(order_id),
        type=("kitchen", "client")[side],
        printer_id=place.printer_ids[side],
        point_id=place.point_id,
        order_digest=order_digest(order, salt),
    )
    state, prev_hash, correlation_id = None, GENESIS, uuid4()
    moment = EPOCH + timedelta(seconds=check_id)
    own = (check_id, created.printer_id, created.type)
    for version, (payload, actor) in enumerate(_events(check_id, created, moment), start=1):
        at = moment + timedelta(seconds=version)
        state = evolve(state, payload, at)
        fields = HashedFields(
            check_id, version, *registry.encode(payload), actor, correlation_id, at, uuid4()
        )
        row_hash = event_hash(fields, prev_hash)
        yield "events_event", (*fields, row_hash, prev_hash)
        history = (at, fields.type, "+" if version == 1 else "~", None)
        yield "checks_historicalcheck", (*own, order_id, *_cached(state), *history)
        prev_hash = row_hash
    if state is not None:
        yield "checks_check", (*own, order, salt, order_id, *_cached(state))


def _events(check_id: int, created: happened.Created, moment: datetime) -> list[tuple[Any, str]]:
    """Most are printed, one in a hundred jammed, the first few still wait."""
    printer = f"printer:{created.printer_id}"
    rendered = happened.Rendered(
        file=f"pdf/{created.order_id}_{created.type}.pdf",
        sha256=created.order_digest,
        bytes=20_000,
        pages=1,
        ms=12,
        renderer="wkhtmltopdf 0.12.6 (local)",
        template=f"{created.type}_check.html@00000000",
    )
    events: list[tuple[Any, str]] = [(created, "order_system"), (rendered, "worker:benchmark")]
    if check_id <= WAITING:
        return events
    lease = moment + timedelta(seconds=123)
    jammed = check_id % 100 == 0
    end = happened.Failed("print", "paper jam", permanent=False) if jammed else happened.Printed("confirmed")
    return [*events, (happened.Downloaded(1, lease.isoformat()), printer), (end, printer)]


def _cached(state: CheckState) -> tuple[Any, ...]:
    columns = projection(state)
    names = ("status", "pdf_file", "version", "status_changed_at", "lease_expires_at")
    return tuple(columns[name] for name in names)

"""The statements that have PostgreSQL write an export's rows: nothing in Python touches a cell."""

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from events.models import Event

# The moment first: the day is cut out of a row without reading the rest.
COLUMNS = {
    "occurred_at": "occurred_at",
    "tx_id": "tx_id",
    "id": "id",
    "check_id": "stream_id",
    "version": "version",
    "type": "type",
    "schema_version": "schema_version",
    "data": "data",
    "actor": "translate(actor, E'\\n\\r', '  ')",  # an event is a line
    "correlation_id": "correlation_id",
    "recorded_at": "recorded_at",
    "event_uid": "event_uid",
    "hash": "encode(hash, 'hex')",
    "prev_hash": "encode(prev_hash, 'hex')",
}
NAMES = list(COLUMNS)
HEAD = (",".join(NAMES) + "\n").encode()
DAY_OF_CSV = slice(0, 10)
DAY_OF_JSON = slice(len('{"occurred_at":"'), len('{"occurred_at":"') + 10)

_SELECT = "SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in COLUMNS.items())
AS_CSV = f"COPY ({_SELECT} FROM (%s) AS event) TO STDOUT WITH (FORMAT csv)"
# As CSV with marks that JSON cannot hold, hence without quoting; COPY's text format would double backslashes.
AS_JSON = (
    f"COPY (SELECT row_to_json(line)::text FROM ({_SELECT} FROM (%s) AS event) AS line) "  # noqa: S608
    "TO STDOUT WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
)


def copy_out(events: QuerySet[Event], statement: str, sink: Any, *, using: str) -> None:
    """Have the events written into the sink, a line for each."""
    columns = [field.attname for field in Event._meta.concrete_fields]
    query, parameters = events.values_list(*columns).query.get_compiler(using=using).as_sql()
    with connections[using].cursor() as cursor:
        inner = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(statement.replace("%s", inner), sink)

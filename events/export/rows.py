"""The statements with which PostgreSQL itself writes the rows of an export. Python does not touch a cell."""

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from events.feed.columns import COLUMNS, public_name
from events.models import Event

# The moment comes first, so that the day can be cut out of a row without parsing it.
_EXPORTED = ("occurred_at", *(column for column in COLUMNS if column != "occurred_at"))
_EXPRESSIONS = {
    "actor": "translate(actor, E'\\n\\r', '  ')",  # an event is one line
    "hash": "encode(hash, 'hex')",
    "prev_hash": "encode(prev_hash, 'hex')",
}
NAMES = [public_name(column) for column in _EXPORTED]
HEAD = (",".join(NAMES) + "\n").encode()
DAY_OF_CSV = slice(0, 10)
DAY_OF_JSON = slice(len('{"occurred_at":"'), len('{"occurred_at":"') + 10)

_SELECT = "SELECT " + ", ".join(
    f"{_EXPRESSIONS.get(column, column)} AS {public_name(column)}" for column in _EXPORTED
)
AS_CSV = f"COPY ({_SELECT} FROM (%s) AS event) TO STDOUT WITH (FORMAT csv)"
# As CSV with a quote and a delimiter that JSON cannot contain. COPY's text format would double backslashes.
AS_JSON = (
    f"COPY (SELECT row_to_json(line)::text FROM ({_SELECT} FROM (%s) AS event) AS line) "  # noqa: S608
    "TO STDOUT WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
)


def copy_out(events: QuerySet[Event], statement: str, sink: Any, *, using: str) -> None:
    """Have PostgreSQL write the events into the sink, one line each."""
    columns = [field.attname for field in Event._meta.concrete_fields]
    query, parameters = events.values_list(*columns).query.get_compiler(using=using).as_sql()
    with connections[using].cursor() as cursor:
        inner = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(statement.replace("%s", inner), sink)

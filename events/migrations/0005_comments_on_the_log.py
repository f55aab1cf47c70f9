"""Have the log explain itself to those who look at it with psql or a BI tool, as the views do."""

from django.db import migrations

COMMENTS = {
    "id": "Sequence number; not the order of commits.",
    "check_id": "The check.",
    "version": "The number of the event within its check: 1, 2, 3, ... without a gap.",
    "type": "What happened.",
    "schema_version": "The version of the shape of data.",
    "data": "What else there is to say of it: a JSON object, whose fields depend on type and schema_version.",
    "actor": "Who did it: order_system:ID (order_system without a token), printer:ID, worker:NAME, staff:ID of the user, "
             "sweeper, command.",
    "correlation_id": "The request that caused it, through all its jobs.",
    "occurred_at": "When it happened, by the service's clock. It has an index.",
    "recorded_at": "When it was written, by the database's clock. It has an index.",
    "tx_id": "The transaction that wrote it. Read along in the order of (tx_id, id), below events_horizon().",
    "event_uid": "A global id.",
    "hash": "SHA-256 of the event and the hash before it in its check.",
    "prev_hash": "The hash of the check's event before it; zeros for the first.",
}
ON_TABLE = "A row an event: a change of a check, never changed, never deleted."


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def statements(of_table, of_columns):
    yield f"COMMENT ON TABLE events_event IS {of_table};"
    for name, text in of_columns.items():
        yield f"COMMENT ON COLUMN events_event.{name} IS {text};"


SAY = "\n".join(statements(quoted(ON_TABLE), {name: quoted(text) for name, text in COMMENTS.items()}))
SAY_NOTHING = "\n".join(statements("NULL", dict.fromkeys(COMMENTS, "NULL")))


class Migration(migrations.Migration):
    dependencies = [("events", "0004_shapes_of_rows")]

    operations = [migrations.RunSQL(SAY, SAY_NOTHING)]

"""The columns of an event, in the order in which every reader gets them."""

COLUMNS = (
    "tx_id",
    "id",
    "stream_id",
    "version",
    "type",
    "schema_version",
    "data",
    "actor",
    "correlation_id",
    "occurred_at",
    "recorded_at",
    "event_uid",
    "hash",
    "prev_hash",
)


def public_name(column: str) -> str:
    """Return what readers call the column: a stream is the events of one check."""
    return "check_id" if column == "stream_id" else column

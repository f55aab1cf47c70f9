"""Moments that people and programs write down."""

from datetime import datetime, timedelta

MAX_OFFSET = timedelta(hours=15, minutes=59)  # from UTC, either way: PostgreSQL accepts no more


def has_storable_offset(moment: datetime) -> bool:
    """Tell whether PostgreSQL accepts the moment's UTC offset. Python goes up to 24 hours."""
    return abs(moment.utcoffset() or timedelta()) <= MAX_OFFSET

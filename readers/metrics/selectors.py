"""How far the tally of events is behind the log."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from events.feed.reading import Position

# A count that may grow without bound stops here; an alarm needs no more.
CAP = 10_000

BEHIND = """
    SELECT count(*), min(recorded_at) FROM (
        SELECT recorded_at FROM events_event WHERE (tx_id, id) > (%s, %s) ORDER BY tx_id, id LIMIT %s
    ) AS uncounted
"""


class Backlog(NamedTuple):
    """Events that a reader of the feed has not seen yet, and when the first of them was recorded."""

    events: int
    since: datetime | None


def backlog(after: Position) -> Backlog:
    """Return how many events are behind `after`, settled or not, at most CAP."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [*after, CAP])
        return Backlog(*cursor.fetchone())

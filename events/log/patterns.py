"""Finding checks by the course of their events, such as "failed twice, then printed".

The checks are found before they are listed, among the newest events of one type. As a condition of the list,
the database would test every row in the list's order, which takes seconds for 100,000 checks.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

QUIET = timedelta(minutes=5)
LOOK_BACK = timedelta(days=1)  # if no start is given
LOOKED_THROUGH = 50_000  # of the newest events
MAX_FOUND = 500  # of the newest checks

PATTERNS = [
    ("failed_twice_then_printed", _("failed at least twice, then printed")),
    ("quiet_after_rendered", _("nothing for five minutes after rendered")),
]

_NEWEST = """
    SELECT newest.check_id
    FROM (SELECT id, check_id, version, occurred_at FROM events_event
          WHERE type = %(type)s ORDER BY id DESC LIMIT %(looked_through)s) AS newest
    WHERE {condition}
    ORDER BY newest.id DESC LIMIT %(found)s
"""
_FAILED_TWICE_THEN_PRINTED = """
    EXISTS (SELECT 1 FROM events_event first
            WHERE first.check_id = newest.check_id AND first.version < newest.version
              AND first.type = 'failed')
    AND EXISTS (SELECT 1 FROM events_event printed
                WHERE printed.check_id = newest.check_id AND printed.version > newest.version
                  AND printed.type = 'printed' AND printed.occurred_at >= %(since)s)
"""
_QUIET_AFTER_RENDERED = """
    newest.occurred_at >= %(since)s AND newest.occurred_at <= %(now)s - %(quiet)s
    AND NOT EXISTS (SELECT 1 FROM events_event next
                    WHERE next.check_id = newest.check_id AND next.version = newest.version + 1
                      AND next.occurred_at <= newest.occurred_at + %(quiet)s)
"""
# Each with the type of event to look through.
_QUERIES = {
    "failed_twice_then_printed": ("failed", _NEWEST.format(condition=_FAILED_TWICE_THEN_PRINTED)),
    "quiet_after_rendered": ("rendered", _NEWEST.format(condition=_QUIET_AFTER_RENDERED)),
}


def matching(pattern: str, *, since: datetime, now: datetime) -> list[int]:
    """Return the ids of the newest checks that match, at most 500. One query."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(pattern, since=since, now=now))
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def statement(pattern: str, *, since: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return the query and its parameters."""
    event_type, query = _QUERIES[pattern]
    limits = {"looked_through": LOOKED_THROUGH, "found": MAX_FOUND}
    return query, {"type": event_type, "since": since, "now": now, "quiet": QUIET, **limits}

"""What a verification finds: messages for the command, which the page of a check translates."""

from datetime import datetime
from typing import Any, NamedTuple

from foundation.errors import gettext_noop

EVENT_MISSING = gettext_noop("the event is missing; the next is version %(next)s")
EVENT_TOO_EARLY = gettext_noop("the feed has the event before its predecessor")
HASH_DIFFERS = gettext_noop("the event “%(event)s” does not fit its hash")
NOT_APPLICABLE = gettext_noop("the event “%(event)s” cannot be applied: %(error)s")
NO_EVENTS = gettext_noop("the check has no events")
RECORD_MISSING = gettext_noop("the history record is missing")
RECORD_UNEXPECTED = gettext_noop("a history record has no event")
ORDER_DIFFERS = gettext_noop("the order is not the one that was created")
NOT_ERASED = gettext_noop("the check is erased, but its personal data is there")
NOT_VERIFIABLE = gettext_noop("the check cannot be verified: %(error)s")
DOUBLED = gettext_noop("it is in the archive, and still in the tables")
# The page of a check has its own words for these, or is not there.
NO_ROW = "the check's row is missing"
COLUMN_DIFFERS = "%(column)s is cached as %(found)s, the events have %(expected)s"
RECORD_DIFFERS = "the history record has %(column)s %(found)s, the events %(expected)s"
NOTHING_FOUND = "there is nothing of this check"

# What makes the events themselves unreliable, so that nothing may be derived from them.
OF_THE_LOG = {EVENT_MISSING, EVENT_TOO_EARLY, HASH_DIFFERS, NOT_APPLICABLE, NO_EVENTS, NOT_VERIFIABLE}


_VALUES = ("found", "expected")


class Difference(NamedTuple):
    """A contradiction between a check's events, its row, its history records and the archive.

    `facts` are what the message names, such as the column with its value and the expected one.
    """

    check_id: int
    version: int | None
    message: str
    facts: dict[str, Any] = {}

    @property
    def problem(self) -> str:
        values = {name: _shown(self.facts[name]) for name in _VALUES if name in self.facts}
        return self.message % {**self.facts, **values}

    def __str__(self) -> str:
        where = f"check {self.check_id}" + (f", version {self.version}" if self.version is not None else "")
        return f"{where}: {self.problem}"


class Verified(NamedTuple):
    """How many checks and events were compared, and what differs."""

    checks: int
    events: int
    differences: list[Difference]


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)

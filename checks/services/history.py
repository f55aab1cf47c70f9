"""Writing the history records of many events with one statement, to simple-history's table.

simple-history itself would build a model instance for each record and read every field of it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from checks.domain.projection import COLUMNS, projection
from checks.domain.state import CheckState
from checks.models import Check
from foundation.context import Actor
from foundation.db.insert import Insert

_FIELDS = (
    "id",
    *COLUMNS,
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user_id",
)
_insert = Insert(Check.history.model, _FIELDS)


class Record(NamedTuple):
    """A check after one of its events: `reason` is the event's type, `moment` when it happened."""

    check_id: int
    state: CheckState
    reason: str
    moment: datetime


def write(records: Sequence[Record], *, actor: Actor) -> None:
    """Write all records with one statement, inside the caller's transaction."""
    # Given even if it is nobody: otherwise simple-history takes the user of the session.
    _insert([_row(record, actor.user_id) for record in records])


def _row(record: Record, user_id: int | None) -> dict[str, object]:
    return {
        "id": record.check_id,
        **projection(record.state),
        "history_date": record.moment,
        "history_change_reason": record.reason,
        "history_type": "+" if record.state.version == 1 else "~",
        "history_user_id": user_id,
    }

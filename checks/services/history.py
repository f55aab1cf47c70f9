"""History records of checks in simple-history's table, for many events with one statement.

simple-history would build a model instance for each and ask it for every field. The table, its model and the
pages that show it are simple-history's own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from checks.domain.projection import IDENTITY_FIELDS, PROJECTED_FIELDS, identity, projection
from checks.domain.state import CheckState
from checks.models import Check
from foundation.context import Actor
from foundation.db.insert import Insert

_FIELDS = (
    "id",
    *PROJECTED_FIELDS,
    *IDENTITY_FIELDS,
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user_id",
)
_insert = Insert(Check.history.model, _FIELDS)


class Record(NamedTuple):
    """A check as one of its events left it: `reason` is the event's type, `moment` when it happened."""

    check_id: int
    state: CheckState
    reason: str
    moment: datetime


def write(records: Sequence[Record], *, actor: Actor) -> None:
    """Write all records with one statement, inside the caller's transaction."""
    # Said even where it is nobody: simple-history would take the user of whatever session sent the request.
    _insert([_row(record, actor.user_id) for record in records])


def _row(record: Record, user_id: int | None) -> dict[str, object]:
    return {
        "id": record.check_id,
        **projection(record.state),
        **identity(record.state),
        "history_date": record.moment,
        "history_change_reason": record.reason,
        "history_type": "+" if record.state.version == 1 else "~",
        "history_user_id": user_id,
    }

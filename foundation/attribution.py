"""Tells simple-history who changes a row, and why.

Written for simple-history 3.13. When you upgrade it, check that it still reads `_change_reason`,
`_history_user` and `_history_date` from the instance.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from foundation.context import Actor


def attribute(row: Any, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """Set the reason, user and time of the history record that the next save of this row writes.

    `at` is the time of the save if it is not given. Outside a request simple-history knows no user by itself.
    """
    row._change_reason = reason
    row._history_user = get_user_model()(pk=actor.user_id) if actor.user_id else None
    if at is not None:
        row._history_date = at

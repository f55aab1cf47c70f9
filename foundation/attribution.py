"""Tells simple-history who changes a row, and why."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from foundation.context import Actor


def attribute(row: Any, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """Have the history record that the next save of this row writes say so; `at` is now if not given.

    simple-history takes these from the instance, and finds no user by itself outside of a request.
    """
    row._change_reason = reason
    row._history_user = get_user_model()(pk=actor.user_id) if actor.user_id else None
    if at is not None:
        row._history_date = at

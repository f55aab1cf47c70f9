"""Cursors: positions in the feed as text, which readers store and send back."""

import re

from events.feed.reading import Position
from foundation.errors import ForFarError, gettext_noop

MAX_ID = 10**18 - 1  # larger than any event's id; 18 digits fit into a bigint
PATTERN = "^[0-9]{1,18}-[0-9]{1,18}$"


class BadCursorError(ForFarError):
    code = "bad_cursor"
    message = gettext_noop("The cursor is not one that was given out here, such as 835-23.")


def cursor_of(position: Position) -> str:
    return f"{position.tx_id}-{position.id}"


def position_at(cursor: str) -> Position:
    """Return the position of the cursor. Raises BadCursorError."""
    if not re.fullmatch(PATTERN, cursor) or cursor.endswith("\n"):
        raise BadCursorError
    return Position(*map(int, cursor.split("-")))

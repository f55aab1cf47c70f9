"""Ids of rows as text: in addresses, parameters, job ids and the names of actors."""

MAX_BIGINT = 2**63 - 1  # what a bigint column of PostgreSQL holds
_MAX_DIGITS = len(str(MAX_BIGINT))


def id_in(text: str) -> int | None:
    """Return the id that this text is, or None if no row can have it: ids are 1 to 2^63-1 in ASCII digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        return None
    return int(text) if 1 <= int(text) <= MAX_BIGINT else None

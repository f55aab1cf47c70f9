"""Ids as text."""

MAX_BIGINT = 2**63 - 1  # what a bigint column of PostgreSQL holds
MAX_DIGITS = len(str(MAX_BIGINT))


def id_from_text(text: str) -> int | None:
    """Return the id that a text from outside names; None where no row of any table can have it."""
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        return None
    number = int(text)
    return number if number <= MAX_BIGINT else None

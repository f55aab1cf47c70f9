"""The tokens themselves: made here, shown once, kept as a hash."""

import secrets
from hashlib import sha256

# Tells people, and programs that look for leaked secrets, what it is.
MARK = "ffo_"
RANDOM_BYTES = 32
SHOWN_CHARACTERS = len(MARK) + 6  # of 43 random ones: enough to recognise a token, none the easier to guess
HASH_BYTES = 32


def new_secret(mark: str = MARK) -> str:
    return mark + secrets.token_urlsafe(RANDOM_BYTES)


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a token. Nobody guesses 256 random bits, so the hash need not be slow."""
    return sha256(secret.encode("utf-8", "backslashreplace")).digest()


def shown_part(secret: str) -> str:
    return secret[:SHOWN_CHARACTERS]

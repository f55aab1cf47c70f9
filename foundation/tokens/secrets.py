"""The secrets of tokens: made here, shown once, kept as a hash."""

import secrets
from hashlib import sha256

RANDOM_BYTES = 32
MARK_CHARACTERS = 4  # such as `ffo_`: tells people, and programs that look for leaked secrets, what it is
SHOWN_CHARACTERS = MARK_CHARACTERS + 6  # 6 of 43 random ones tell tokens apart and help nobody to guess
HASH_BYTES = 32


def new_secret(mark: str) -> str:
    return mark + secrets.token_urlsafe(RANDOM_BYTES)


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a token. Nobody guesses 256 random bits, so the hash need not be slow."""
    return sha256(secret.encode("utf-8", "backslashreplace")).digest()


def shown_part(secret: str) -> str:
    return secret[:SHOWN_CHARACTERS]

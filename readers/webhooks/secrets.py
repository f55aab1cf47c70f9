"""The secrets that sign notices: shown once, and not kept.

A secret is derived from SECRET_KEY and a random salt, of which the database keeps the salt alone. Who has the
database, or a dump of it, can sign nothing. A digest tells whether the derived secret is still the one that
was shown: after a change of SECRET_KEY it is not, unless the old key is among SECRET_KEY_FALLBACKS.
"""

from base64 import b64encode
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

MARK = "whsec_"  # as Standard Webhooks has it
SALT_BYTES = 16
DIGEST_BYTES = 32


class NewSecret(NamedTuple):
    """What is kept of a secret, and what is shown of it, once."""

    salt: bytes
    digest: bytes
    shown: str


def new_secret() -> NewSecret:
    salt = token_bytes(SALT_BYTES)
    key = _derived(salt, settings.SECRET_KEY)
    return NewSecret(salt, _digest(key), MARK + b64encode(key).decode())


def signing_key(*, salt: bytes, digest: bytes) -> bytes | None:
    """Return the secret's bytes; None when no SECRET_KEY of ours gives the one that was shown."""
    for secret_key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        key = _derived(salt, secret_key)
        if compare_digest(_digest(key), digest):
            return key
    return None


def _derived(salt: bytes, secret_key: str) -> bytes:
    return salted_hmac(__name__, salt, secret=secret_key, algorithm="sha256").digest()


def _digest(key: bytes) -> bytes:
    """A plain hash will do: nobody guesses 256 bits."""
    return sha256(key).digest()

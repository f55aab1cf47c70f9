"""The secrets that sign webhooks. They are shown once and not stored.

A secret is derived from SECRET_KEY and a random salt. The database only holds the salt, so a copy of the
database is not enough to sign with. It also holds a digest of the secret. When SECRET_KEY changes, the digest
shows that the derived secret is no longer the one that was shown, unless the old key is in
SECRET_KEY_FALLBACKS.
"""

from base64 import b64encode
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

# The secrets that receivers hold are derived from this text: it must not change.
KEY_SALT = "forfar.webhooks.signing-secret"
PREFIX = "whsec_"  # from Standard Webhooks
SALT_BYTES = 16
DIGEST_BYTES = 32


class NewSecret(NamedTuple):
    """The stored parts of a secret, and the text that is shown once."""

    salt: bytes
    digest: bytes
    shown: str


def new_secret() -> NewSecret:
    salt = token_bytes(SALT_BYTES)
    key = _derived(salt, settings.SECRET_KEY)
    return NewSecret(salt, _digest(key), PREFIX + b64encode(key).decode())


def signing_key(*, salt: bytes, digest: bytes) -> bytes | None:
    """Return the secret's bytes, or None if none of our secret keys derives the one that was shown."""
    for secret_key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        key = _derived(salt, secret_key)
        if compare_digest(_digest(key), digest):
            return key
    return None


def _derived(salt: bytes, secret_key: str) -> bytes:
    return salted_hmac(KEY_SALT, salt, secret=secret_key, algorithm="sha256").digest()


def _digest(key: bytes) -> bytes:
    """A plain hash is enough: nobody guesses 256 bits."""
    return sha256(key).digest()

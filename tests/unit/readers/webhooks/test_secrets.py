"""The secret that signs webhooks …"""

from base64 import b64decode
from typing import Any

from readers.webhooks import secrets

SALT = bytes(range(16))
SECRET_KEY = "fixed-for-this-test"
# Receivers hold secrets that were derived like this one: a release that changes it locks them all out.
DERIVED = bytes.fromhex("749ef5058e85d1ebdc95c92bd830a1875bb04e30253a3d675187f5a657c28fab")
DIGEST = bytes.fromhex("86c1349d825f7426f833301468bfc28cb9fdc680bb6a6b8e982b7181981a5fc2")


def test_it_is_derived_as_it_always_was(settings: Any) -> None:
    settings.SECRET_KEY = SECRET_KEY

    assert secrets.signing_key(salt=SALT, digest=DIGEST) == DERIVED


def test_it_is_found_under_an_earlier_secret_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", ["another", SECRET_KEY]

    assert secrets.signing_key(salt=SALT, digest=DIGEST) == DERIVED


def test_it_is_lost_with_the_secret_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", []

    assert secrets.signing_key(salt=SALT, digest=DIGEST) is None


def test_it_is_shown_as_standard_webhooks_have_it(settings: Any) -> None:
    made = secrets.new_secret()

    assert made.shown.startswith("whsec_")
    key = b64decode(made.shown.removeprefix("whsec_"))
    assert secrets.signing_key(salt=made.salt, digest=made.digest) == key

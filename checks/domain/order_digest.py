"""A keyed digest of an order: the log can tell that an order was changed without containing it.

The key is a salt that is stored beside the order. Without the order and the salt the digest says nothing.
The form is pinned: the digests in the log are made with it.
"""

import hmac
import json
from decimal import Decimal
from typing import Any

SALT_BYTES = 16

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def order_digest(order: Any, salt: bytes) -> str:
    """Return the HMAC-SHA256 of `order` under `salt`, as 64 hex digits."""
    return keyed_digest(canonical_order(order), salt)


def keyed_digest(canonical: bytes, salt: bytes) -> str:
    """Return the digest of an order in its canonical form, as 64 hex digits."""
    return hmac.digest(salt, canonical, "sha256").hex()


def canonical_order(order: Any) -> bytes:
    """Return the one text for this order, however its JSON is written."""
    return _encode(_tagged(order)).encode()


def _tagged(value: Any) -> Any:
    """Write numbers so that they are the same before and after jsonb, and distinct from text.

    PostgreSQL's jsonb turns 1e300 into a whole number of 301 digits and -0.0 into 0.0.
    """
    if isinstance(value, str):
        return f"text:{value}"
    if isinstance(value, dict):
        return {key: _tagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    return f"number:{value}" if isinstance(value, int) else f"number:{_in_full(value)}"


def _in_full(number: float) -> str:
    digits, _, fraction = f"{Decimal(str(number)):f}".partition(".")
    fraction = fraction.rstrip("0")
    full = f"{digits}.{fraction}" if fraction else digits
    return "0" if full == "-0" else full

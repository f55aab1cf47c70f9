"""A keyed digest of an order, so that the log can tell a changed order without knowing it.

The key is a salt kept beside the order: deleting both leaves a digest that says nothing.
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
    """Return the digest of an order whose canonical form is at hand."""
    return hmac.digest(salt, canonical, "sha256").hex()


def canonical_order(order: Any) -> bytes:
    """Return the one text that stands for this order however its JSON is written."""
    return _encode(_tagged(order)).encode()


def _tagged(value: Any) -> Any:
    """Write numbers the way they still are when PostgreSQL has kept them as jsonb, and tell them from text.

    As jsonb, 1e300 comes back as a whole number of 301 digits and -0.0 as 0.0.
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

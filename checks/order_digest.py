"""A keyed digest of an order, so that the log can tell a changed order without knowing it.

The key is a salt kept beside the order: deleting both leaves a digest that says nothing.
"""

import hmac
import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

SALT_BYTES = 16


def order_digest(order: Any, salt: bytes) -> str:
    """Return the HMAC-SHA256 of `order` under `salt`, as 64 hex digits."""
    canonical = json.dumps(_tagged(order), ensure_ascii=False, sort_keys=True)
    return hmac.new(salt, canonical.encode(), sha256).hexdigest()


def _tagged(value: Any) -> Any:
    """Write numbers the way they still are when PostgreSQL has kept them as jsonb, and tell them from text.

    As jsonb, 1e300 comes back as a whole number of 301 digits and -0.0 as 0.0.
    """
    if isinstance(value, dict):
        return {key: _tagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if type(value) is int:
        return f"number:{value}"
    if isinstance(value, float):
        digits, _, fraction = f"{Decimal(str(value)):f}".partition(".")
        fraction = fraction.rstrip("0")
        number = f"{digits}.{fraction}" if fraction else digits
        return "number:0" if number == "-0" else f"number:{number}"
    return f"text:{value}" if isinstance(value, str) else value

"""Signatures as in the Standard Webhooks specification. Free of Django.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime


def headers(*, keys: Sequence[bytes], webhook_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that identify a webhook and sign it with each of the keys."""
    timestamp = str(int(sent_at.timestamp()))
    signed = b".".join([webhook_id.encode(), timestamp.encode(), body])
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(key, signed) for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()

"""The hash chain of a stream: what an event's hash covers, and how it is computed.

An event's hash is the SHA-256 of its predecessor's hash and the event as RFC 8785 JSON. Payloads may hold
text, whole numbers below 2^53, true, false, null, lists, and objects with ASCII keys. For these, orjson with
sorted keys writes exactly that form, much faster than a general encoder; a property test compares the two.
"""

from datetime import datetime, timezone
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import orjson

GENESIS = bytes(32)
MAX_SAFE_INTEGER = 2**53 - 1


class HashedFields(NamedTuple):
    """The fields of an event that its hash covers."""

    stream_id: int
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    actor: str
    correlation_id: UUID
    occurred_at: datetime
    event_uid: UUID


class HashedText(NamedTuple):
    """The same for fast readers: the ids and the moment are the text that is hashed."""

    stream_id: int
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    actor: str
    correlation_id: str
    occurred_at: str
    event_uid: str


class NotHashableError(TypeError):
    """A payload holds something without an unambiguous canonical form."""


def canonical_json(value: Any) -> bytes:
    """Return `value` as RFC 8785 JSON; see `require_canonical` for what it may hold."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def require_canonical(value: Any) -> None:
    """Raise NotHashableError unless `value` has an unambiguous canonical form."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return
    if isinstance(value, list):
        for item in value:
            require_canonical(item)
    elif isinstance(value, dict) and all(isinstance(key, str) and key.isascii() for key in value):
        for item in value.values():
            require_canonical(item)
    else:
        raise NotHashableError(f"An event cannot hold {value!r}.")


def event_hash(fields: HashedFields | HashedText, prev_hash: bytes) -> bytes:
    """Return the 32 bytes that chain an event to its predecessor in the stream."""
    return sha256(prev_hash + canonical_json(hashed_form(fields))).digest()


def hashed_form(fields: HashedFields | HashedText) -> dict[str, Any]:
    """Return the event as the JSON object that is hashed."""
    moment = fields.occurred_at
    return {
        "actor": fields.actor,
        "check_id": str(fields.stream_id),
        "correlation_id": str(fields.correlation_id),
        "data": fields.data,
        "event_uid": str(fields.event_uid),
        "occurred_at": moment if isinstance(moment, str) else moment_text(moment),
        "schema_version": fields.schema_version,
        "type": fields.type,
        "version": fields.version,
    }


def moment_text(moment: datetime) -> str:
    """Return the text that is hashed for a moment: 2026-01-15T12:00:00.250000+00:00."""
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")

"""The one writer of events, and the reader of streams.

A stream is all events of one check, numbered from 1 without a gap, each chained to the one before by its
hash. Whoever appends says which version it has seen; if another writer was faster, nothing is written.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, connection

from events.context import Actor, current_correlation_id
from events.hashing import GENESIS, HashedFields, event_hash, require_canonical
from events.horizon import require_adopted_once
from events.models import Event
from events.registry import registry
from forfar.db.insert import Insert
from forfar.errors import ForFarError, gettext_noop

_insert = Insert(Event, (*HashedFields._fields, "hash", "prev_hash"))
_STREAMS = """
    SELECT check_id, version, type, schema_version, data, occurred_at, hash FROM events_event
    WHERE check_id = ANY(%s) ORDER BY check_id, version
"""


class VersionConflictError(ForFarError):
    """Another writer appended to the stream first."""

    code = "version_conflict"
    message = gettext_noop("The check was changed by someone else at the same moment; try again.")


class Recorded(NamedTuple):
    """A decoded event with the moment at which it happened."""

    payload: Any
    occurred_at: datetime


@dataclass
class Stream:
    """What is recorded of one check, as far as a writer has to know it."""

    stream_id: int
    version: int = 0
    last_hash: bytes = GENESIS
    events: list[Recorded] = field(default_factory=list)


class Append(NamedTuple):
    """New payloads for the end of a stream, as it was read, and when they happened."""

    stream: Stream
    payloads: Sequence[Any]
    occurred_at: datetime


def read_streams(stream_ids: Iterable[int]) -> dict[int, Stream]:
    """Return the streams of these checks by id, each in the order of its versions. One query."""
    streams = {stream_id: Stream(stream_id) for stream_id in stream_ids}
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS, [list(streams)])
        for stream_id, version, name, schema_version, data, occurred_at, stored_hash in cursor:
            stream = streams[stream_id]
            stream.version = version
            stream.last_hash = bytes(stored_hash)
            payload = registry.decode(name, schema_version, json.loads(data))
            stream.events.append(Recorded(payload, occurred_at))
    return streams


def append(appends: Iterable[Append], *, actor: Actor) -> list[HashedFields]:
    """Write the events of all `appends` with one statement, inside the caller's transaction; give them back.

    Raises VersionConflictError when a stream has grown since it was read; the transaction is then broken
    and has to be rolled back. Raises LogNotAdoptedError for a log that was restored from elsewhere.
    """
    require_adopted_once()
    correlation_id = current_correlation_id()
    chained = [event for each in appends for event in _chained(each, str(actor), correlation_id)]
    try:
        _insert([{**event._asdict(), "hash": own, "prev_hash": prev} for event, own, prev in chained])
    except IntegrityError as error:
        if "events_event_stream_version" in str(error):
            raise VersionConflictError from error
        raise
    return [event for event, _, _ in chained]


def _chained(each: Append, actor: str, correlation_id: UUID) -> Iterator[tuple[HashedFields, bytes, bytes]]:
    """Give each new event with its hash and its predecessor's."""
    prev_hash = each.stream.last_hash
    for version, payload in enumerate(each.payloads, start=each.stream.version + 1):
        encoded = registry.encode(payload)
        require_canonical(encoded.data)
        fields = HashedFields(
            stream_id=each.stream.stream_id,
            version=version,
            **encoded._asdict(),
            actor=actor,
            correlation_id=correlation_id,
            occurred_at=each.occurred_at,
            event_uid=uuid4(),
        )
        row_hash = event_hash(fields, prev_hash)
        yield fields, row_hash, prev_hash
        prev_hash = row_hash

"""The only writer of events.

The caller passes the stream as it has read it. If another writer was faster, nothing is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError

from events.feed.horizon import require_adopted_once
from events.log.hashing import HashedFields, event_hash, require_canonical
from events.log.registry import registry
from events.log.streams import Stream
from events.models import Event
from foundation.context import Actor, current_correlation_id
from foundation.db.insert import Insert
from foundation.errors import ForFarError, gettext_noop

_insert = Insert(Event, (*HashedFields._fields, "hash", "prev_hash"))


class VersionConflictError(ForFarError):
    """Another writer appended to the stream first."""

    code = "version_conflict"
    message = gettext_noop("The check was changed by someone else at the same moment; try again.")


class Append(NamedTuple):
    """New payloads for the end of a stream, and when they happened."""

    stream: Stream
    payloads: Sequence[Any]
    occurred_at: datetime


def append(appends: Iterable[Append], *, actor: Actor) -> list[HashedFields]:
    """Write the events of all `appends` with one statement, inside the caller's transaction, and return them.

    Raises VersionConflictError if a stream has grown since it was read; the transaction must then be rolled
    back. Raises LogNotAdoptedError if the log was restored from another cluster.
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
    """Yield each new event with its hash and its predecessor's."""
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

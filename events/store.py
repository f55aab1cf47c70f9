"""The one writer of events, and the reader of streams.

A stream is all events of one check, numbered from 1 without a gap, each chained to the one before by its
hash. Whoever appends says which version it has seen; if another writer was faster, nothing is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError

from events.context import Actor, current_correlation_id
from events.hashing import GENESIS, HashedFields, event_hash, require_canonical
from events.models import Event
from events.registry import registry
from forfar.errors import ForFarError, gettext_noop


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
    rows = (
        Event.objects.filter(stream_id__in=list(streams))
        .order_by("stream_id", "version")
        .values_list("stream_id", "version", "type", "schema_version", "data", "occurred_at", "hash")
    )
    for stream_id, version, name, schema_version, data, occurred_at, stored_hash in rows:
        stream = streams[stream_id]
        stream.version = version
        stream.last_hash = bytes(stored_hash)
        stream.events.append(Recorded(registry.decode(name, schema_version, data), occurred_at))
    return streams


def append(appends: Iterable[Append], *, actor: Actor) -> list[Event]:
    """Write the events of all `appends` with one statement, inside the caller's transaction.

    Raises VersionConflictError when a stream has grown since it was read; the transaction is then broken
    and has to be rolled back.
    """
    correlation_id = current_correlation_id()
    rows = [row for each in appends for row in _rows(each, str(actor), correlation_id)]
    try:
        return Event.objects.bulk_create(rows)
    except IntegrityError as error:
        if "events_event_stream_version" in str(error):
            raise VersionConflictError from error
        raise


def _rows(each: Append, actor: str, correlation_id: UUID) -> Iterable[Event]:
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
        yield Event(**fields._asdict(), hash=row_hash, prev_hash=prev_hash)
        prev_hash = row_hash

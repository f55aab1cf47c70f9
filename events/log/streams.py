"""Reading streams. A stream is all events of one check, numbered from 1 without gaps.

Each event holds the hash of its predecessor.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from events.log.hashing import GENESIS
from events.log.registry import registry
from events.models import Event

_STREAMS = """
    SELECT check_id, version, type, schema_version, data, occurred_at, hash FROM events_event
    WHERE check_id = ANY(%s) ORDER BY check_id, version
"""


class Recorded(NamedTuple):
    """A decoded event, and when it happened."""

    payload: Any
    occurred_at: datetime


@dataclass
class Stream:
    """The events of one check, with what a writer needs to append the next."""

    stream_id: int
    version: int = 0
    last_hash: bytes = GENESIS
    events: list[Recorded] = field(default_factory=list)


def read_streams(stream_ids: Iterable[int]) -> dict[int, Stream]:
    """Return the streams of these checks by id, ordered by version. One query."""
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


def timeline(stream_id: int) -> QuerySet[Event]:
    """Return the events of one check, first to last."""
    return Event.objects.filter(stream_id=stream_id).order_by("version")

"""Appending to the log …"""

from typing import Any

import pytest
from django.db import transaction

from checks.domain import event_types as happened
from checks.models import Check
from events.log import append as log
from events.log.append import Append, VersionConflictError
from events.log.hashing import GENESIS, HashedFields, NotHashableError, event_hash
from events.log.streams import read_streams
from events.models import Event
from foundation.context import Actor, correlation
from tests.conftest import NOW

ACTOR = Actor.worker("w1")
RETRIED = happened.Retried("again")
REPRINTED = happened.Reprinted("lost", 2, "", "", 0, "timeout")


def append(check: Check, *payloads: Any) -> list[HashedFields]:
    stream = read_streams([check.pk])[check.pk]
    return log.append([Append(stream, payloads, NOW)], actor=ACTOR)


def test_it_numbers_and_chains_the_events_of_a_stream(created: list[Check]) -> None:
    append(created[0], RETRIED, REPRINTED)

    rows = list(Event.objects.filter(stream=created[0]).order_by("version"))
    assert [row.version for row in rows] == [1, 2, 3]
    assert [bytes(row.prev_hash) for row in rows] == [GENESIS, *(bytes(row.hash) for row in rows[:2])]
    for row in rows:
        fields = HashedFields(*(getattr(row, name) for name in HashedFields._fields))
        assert event_hash(fields, bytes(row.prev_hash)) == bytes(row.hash)


def test_it_takes_one_statement_for_many_streams(
    created: list[Check], django_assert_num_queries: Any
) -> None:
    streams = read_streams(check.pk for check in created)

    with django_assert_num_queries(1):
        log.append([Append(stream, [RETRIED], NOW) for stream in streams.values()], actor=ACTOR)


def test_it_refuses_a_writer_who_has_not_seen_the_last_event(created: list[Check]) -> None:
    seen = read_streams([created[0].pk])[created[0].pk]
    append(created[0], RETRIED)

    with pytest.raises(VersionConflictError), transaction.atomic():
        log.append([Append(seen, [REPRINTED], NOW)], actor=ACTOR)

    assert list(Event.objects.filter(stream=created[0]).values_list("type", flat=True)) == [
        "created",
        "retried",
    ]


def test_it_writes_down_who_acted_and_on_whose_request(created: list[Check]) -> None:
    from uuid import UUID

    with correlation(UUID(int=5)):
        append(created[0], RETRIED)

    event = Event.objects.get(stream=created[0], version=2)
    assert (event.actor, event.correlation_id, event.occurred_at) == ("worker:w1", UUID(int=5), NOW)
    assert event.recorded_at > NOW
    assert event.tx_id > 0


def test_it_reads_back_what_was_written(created: list[Check]) -> None:
    append(created[0], REPRINTED)

    stream = read_streams([created[0].pk])[created[0].pk]

    assert (stream.version, stream.events[-1]) == (2, (REPRINTED, NOW))


def test_it_refuses_a_payload_without_a_certain_form(created: list[Check]) -> None:
    with pytest.raises(NotHashableError):
        append(created[0], happened.Retried(0.5))  # type: ignore[arg-type]

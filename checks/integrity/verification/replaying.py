"""Folding a check's events, and verifying the chain that they form."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from checks.domain.fold import evolve
from checks.domain.state import CheckState
from checks.integrity.verification.differences import (
    EVENT_MISSING,
    EVENT_TOO_EARLY,
    HASH_DIFFERS,
    NOT_APPLICABLE,
    Difference,
)
from checks.integrity.verification.reading import Row
from events.log.hashing import GENESIS, HashedText, event_hash
from events.log.registry import registry


class UnreadableMomentError(ValueError):
    """PostgreSQL has moments that Python's datetime cannot hold."""


class Moment(NamedTuple):
    """A moment, and its text in the form that is hashed."""

    at: datetime
    text: str


class Step(NamedTuple):
    """An event, and the state that it led to."""

    type: str
    actor: str
    at: datetime
    state: CheckState


def replay(check_id: int, events: list[Row]) -> tuple[list[Step], list[Difference]]:
    """Fold the events as far as possible; verify their versions, order in the feed and hash chain."""
    steps: list[Step] = []
    differences: list[Difference] = []
    state, prev_hash, prev_tx_id = None, GENESIS.hex(), 0

    def differs(message: str, **facts: object) -> None:
        differences.append(Difference(check_id, expected, message, facts))

    for expected, row in enumerate(events, start=1):
        _, version, name, _, _, _, _, _, _, stored, stored_prev, tx_id = row
        if version != expected:
            differs(EVENT_MISSING, next=version)
            break
        if tx_id < prev_tx_id:
            differs(EVENT_TOO_EARLY)
        try:
            event, at = _read(row)
            if stored_prev != prev_hash or event_hash(event, bytes.fromhex(prev_hash)).hex() != stored:
                differs(HASH_DIFFERS, event=name)
            state = evolve(state, registry.decode(name, event.schema_version, event.data), at)
        except Exception as error:  # noqa: BLE001 - a forged log has to be reported
            differs(NOT_APPLICABLE, event=name, error=repr(error))
            break
        steps.append(Step(name, event.actor, at, state))
        prev_hash, prev_tx_id = stored, tx_id
    return steps, differences


def _read(row: Row) -> tuple[HashedText, datetime]:
    check_id, version, name, schema_version, data, actor, correlation_id, occurred_at, event_uid, *_ = row
    at, text = moment(occurred_at)
    payload = orjson.loads(data)
    fields = HashedText(
        check_id, version, name, schema_version, payload, actor, correlation_id, text, event_uid
    )
    return fields, at


@lru_cache(maxsize=256)  # an event's moment is also in its history record and in later ones
def moment(text: str) -> Moment:
    """Return the moment that PostgreSQL writes like this: 2026-01-15 12:00:00.25+00.

    Raises UnreadableMomentError for infinity, years BC and years after 9999.
    """
    hashed = f"{text[:10]}T{text[11:19]}.{text[20:-3]:0<6}+00:00"
    try:
        if not text.endswith("+00"):
            raise ValueError
        return Moment(datetime.fromisoformat(hashed), hashed)
    except ValueError:
        raise UnreadableMomentError(text) from None

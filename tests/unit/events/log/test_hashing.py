"""The hash of an event …"""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.log.hashing import (
    GENESIS,
    MAX_SAFE_INTEGER,
    HashedFields,
    NotHashableError,
    canonical_json,
    event_hash,
    require_canonical,
)

WHOLE = st.integers(min_value=-MAX_SAFE_INTEGER, max_value=MAX_SAFE_INTEGER)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127))
PAYLOADS = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)

FIELDS = HashedFields(
    stream_id=7,
    version=2,
    type="rendered",
    schema_version=1,
    data={"file": "pdf/1_client.pdf", "ms": 7},
    actor="worker:a",
    correlation_id=UUID(int=1),
    occurred_at=datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc),
    event_uid=UUID(int=2),
)


@given(PAYLOADS)
def test_it_is_taken_of_rfc_8785_json(payload: Any) -> None:
    require_canonical(payload)

    assert canonical_json(payload) == rfc8785.dumps(payload)


@pytest.mark.parametrize("value", [1.5, MAX_SAFE_INTEGER + 1, {"ключ": 1}, {1: 1}, b"", [{"a": [0.1]}]])
def test_it_is_refused_for_what_has_no_certain_form(value: Any) -> None:
    with pytest.raises(NotHashableError):
        require_canonical(value)


@pytest.mark.parametrize(
    "change",
    [
        {"stream_id": 8},
        {"version": 3},
        {"type": "printed"},
        {"schema_version": 2},
        {"data": {"file": "pdf/1_client.pdf", "ms": 8}},
        {"actor": "worker:b"},
        {"correlation_id": UUID(int=3)},
        {"occurred_at": FIELDS.occurred_at + timedelta(microseconds=1)},
        {"event_uid": UUID(int=3)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_changes_with_every_field(change: dict[str, Any]) -> None:
    assert event_hash(FIELDS._replace(**change), GENESIS) != event_hash(FIELDS, GENESIS)


def test_it_changes_with_its_predecessor() -> None:
    assert event_hash(FIELDS, b"\1" * 32) != event_hash(FIELDS, GENESIS)


def test_it_is_the_same_in_every_time_zone() -> None:
    elsewhere = FIELDS.occurred_at.astimezone(timezone(timedelta(hours=5)))

    assert event_hash(FIELDS._replace(occurred_at=elsewhere), GENESIS) == event_hash(FIELDS, GENESIS)


def test_it_never_changes_between_releases() -> None:
    known = "760579e58b8e8812a0509716fc9e0cb236e04f06860f945059ce53a2e4b91424"

    assert event_hash(FIELDS, GENESIS).hex() == known

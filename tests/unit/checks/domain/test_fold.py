"""A check is the fold of its events …"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from checks.domain import event_types as happened
from checks.domain.fold import evolve, fold
from checks.domain.state import Changes, CheckState, Status
from events.log.registry import registry
from tests.unit.checks.domain.test_lifecycle import (
    COPY,
    CREATED,
    GIVEN,
    LEASE_END,
    LEASED,
    MARKED,
    RENDERED,
    T0,
    UNCONFIRMED,
    UNMARKED,
    given,
)

STATUSES = {
    "new": Status.NEW,
    "new, attempts failed": Status.NEW,
    "retried": Status.NEW,
    "rendered": Status.RENDERED,
    "leased": Status.RENDERED,
    "released": Status.RENDERED,
    "printed": Status.PRINTED,
    "printed by hand": Status.PRINTED,
    "failed(render)": Status.FAILED,
    "failed(print)": Status.FAILED,
    "failed(unconfirmed)": Status.FAILED,
    "reprinted": Status.RENDERED,
    "reprinted, unmarked": Status.RENDERED,
    "erased": Status.PRINTED,
}


@pytest.mark.parametrize("name", STATUSES)
def test_it_has_the_status_that_its_events_give_it(name: str) -> None:
    state = given(name)

    assert state is not None
    assert (state.status, state.version) == (STATUSES[name], len(GIVEN[name]))


@pytest.mark.parametrize("name", sorted(STATUSES.keys() - {"leased"}))
def test_it_has_no_lease_but_while_a_confirmation_is_awaited(name: str) -> None:
    state = given(name)

    assert state is not None
    assert state.lease_expires_at is None


def test_it_has_the_lease_of_its_last_download() -> None:
    state = given("leased")

    assert state is not None
    assert state.lease_expires_at == LEASE_END


def test_it_keeps_the_moment_at_which_its_status_changed() -> None:
    later = T0 + timedelta(minutes=1)

    state: Any = fold([(CREATED, T0), (RENDERED, T0), (LEASED, later)])

    assert state.status_changed_at == T0


def test_it_gets_the_moment_of_the_event_that_changes_its_status() -> None:
    later = T0 + timedelta(minutes=1)

    state: Any = fold([(CREATED, T0), (RENDERED, later)])

    assert state.status_changed_at == later


@pytest.mark.parametrize(
    ("events", "file", "size", "copies", "marked"),
    [
        ([], RENDERED.file, RENDERED.bytes, 1, 1),
        ([MARKED], COPY.file, COPY.bytes, 2, 2),
        ([UNMARKED], RENDERED.file, RENDERED.bytes, 2, 1),
        ([MARKED, UNCONFIRMED, replace(UNMARKED, copy=3)], COPY.file, COPY.bytes, 3, 2),
        ([MARKED, UNCONFIRMED, happened.Retried("again")], "", 0, 2, 1),
        ([MARKED, UNCONFIRMED, happened.Retried("again"), RENDERED], RENDERED.file, RENDERED.bytes, 2, 1),
    ],
    ids=["first", "marked", "unmarked", "unmarked after marked", "to be rendered", "rendered again"],
)
def test_it_offers_the_pdf_of_its_last_copy_that_got_one(
    events: list[Any], file: str, size: int, copies: int, marked: int
) -> None:
    state: Any = fold((event, T0) for event in [*GIVEN["failed(unconfirmed)"], *events])

    assert (state.pdf_file, state.pdf_bytes) == (file, size)
    assert (state.copies, state.marked_copy) == (copies, marked)


def test_it_is_nothing_without_events() -> None:
    assert fold([]) is None


def test_it_starts_with_its_creation() -> None:
    with pytest.raises(Exception, match="not possible"):
        evolve(None, RENDERED, T0)


def test_it_refuses_a_change_to_a_field_that_does_not_exist() -> None:
    state: Any = given("new")

    with pytest.raises(TypeError, match="no field lease_expiry"):
        state.after(T0, lease_expiry=None)


def test_it_applies_every_kind_of_event() -> None:
    applied = {type(event) for events in GIVEN.values() for event in events}

    assert applied == set(get_args(happened.Payload)) == set(registry.names().values())


def test_it_declares_as_changes_only_fields_of_the_state() -> None:
    assert Changes.__annotations__.keys() < CheckState.__dataclass_fields__.keys()

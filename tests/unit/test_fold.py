"""A check is the fold of its events …"""

from datetime import timedelta
from typing import Any

import pytest

from checks.lifecycle import evolve, fold
from checks.state import Status
from tests.unit.test_lifecycle import CREATED, GIVEN, LEASE_END, LEASED, RENDERED, T0, given

STATUSES = {
    "new": Status.NEW,
    "new, attempts failed": Status.NEW,
    "rendered": Status.RENDERED,
    "leased": Status.RENDERED,
    "released": Status.RENDERED,
    "printed": Status.PRINTED,
    "printed by hand": Status.PRINTED,
    "failed(render)": Status.FAILED,
    "failed(print)": Status.FAILED,
    "failed(unconfirmed)": Status.FAILED,
    "reprinted": Status.RENDERED,
    "erased": Status.PRINTED,
}


@pytest.mark.parametrize("name", STATUSES)
def test_it_has_the_status_that_its_events_give_it(name: str) -> None:
    state = given(name)

    assert state is not None
    assert (state.status, state.version) == (STATUSES[name], len(GIVEN[name]))


@pytest.mark.parametrize("name", STATUSES.keys() - {"leased"})
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


def test_it_is_nothing_without_events() -> None:
    assert fold([]) is None


def test_it_starts_with_its_creation() -> None:
    with pytest.raises(Exception, match="not possible"):
        evolve(None, RENDERED, T0)

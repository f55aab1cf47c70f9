"""The actions offered for a check …"""

import pytest

from checks.admin.check.action_page import REPRINT, SERVICES
from checks.admin.check.actions import ACTIONS, action_named, allowed_actions
from tests.unit.checks.admin.states import LIVES, state_of

OFFERED = {
    "new": ["failed"],
    "new, an attempt failed": ["failed"],
    "rendered": ["printed", "failed"],
    "leased": ["printed", "failed"],
    "released": ["printed", "failed"],
    "printed": ["reprint"],
    "reprinted": ["printed", "failed"],
    "failed to render": ["retry"],
    "failed to print": ["reprint", "retry"],
    "unconfirmed": ["reprint", "printed", "retry"],
    "retried": ["failed"],
    "erased": [],
}


@pytest.mark.parametrize("life", LIVES)
def test_they_are_those_that_the_lifecycle_would_carry_out(life: str) -> None:
    assert [action.name for action in allowed_actions(state_of(life))] == OFFERED[life]


def test_they_all_have_a_use_case() -> None:
    assert {*SERVICES, REPRINT} == {action.name for action in ACTIONS}


def test_they_are_found_by_their_names() -> None:
    assert [action_named(action.name) for action in ACTIONS] == list(ACTIONS)
    assert action_named("erase") is None

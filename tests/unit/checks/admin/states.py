"""States of checks as their lifecycle makes them, for the tests of what is said of them."""

from datetime import datetime, timedelta, timezone

from checks.domain import event_types as happened
from checks.domain.event_types import Payload
from checks.domain.fold import fold
from checks.domain.state import UNCONFIRMED, CheckState

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)
LEASE_ENDS = NOW + timedelta(seconds=120)

CREATED = happened.Created("123456", "kitchen", 1, 1, "00")
ATTEMPT = happened.RenderAttemptFailed(1, "timeout", 20_000)
RENDERED = happened.Rendered("pdf/123456_kitchen.pdf", "ab" * 32, 1000, 1, 7, "fake", "kitchen@0")
LEASED = happened.Downloaded(1, LEASE_ENDS.isoformat())
PRINTED = happened.Printed("confirmed")
REPRINTED = happened.Reprinted("wet", 2, "pdf/123456_kitchen_1_copy2.pdf", "cd" * 32, 1100, "")
ERASED = happened.Erased(["address"])

LIVES: dict[str, list[Payload]] = {
    "new": [CREATED],
    "new, an attempt failed": [CREATED, ATTEMPT],
    "rendered": [CREATED, RENDERED],
    "leased": [CREATED, RENDERED, LEASED],
    "released": [CREATED, RENDERED, LEASED, happened.Released()],
    "printed": [CREATED, RENDERED, LEASED, PRINTED],
    "reprinted": [CREATED, RENDERED, LEASED, PRINTED, REPRINTED],
    "failed to render": [CREATED, happened.Failed("render", "timeout", permanent=False)],
    "failed to print": [CREATED, RENDERED, LEASED, happened.Failed("print", "paper jam", permanent=False)],
    "unconfirmed": [CREATED, RENDERED, LEASED, happened.Failed("delivery", UNCONFIRMED, permanent=False)],
    "retried": [CREATED, happened.Failed("render", "timeout", permanent=False), happened.Retried("again")],
    "erased": [CREATED, RENDERED, LEASED, PRINTED, ERASED],
}


def state_of(life: str) -> CheckState:
    """Return the state after these events, all of which happened at NOW."""
    state = fold((event, NOW) for event in LIVES[life])
    assert state is not None
    return state

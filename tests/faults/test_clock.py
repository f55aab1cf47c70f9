"""The machine of the service's processes comes back with a clock that is two hours behind; it survives …

libfaketime stands between the processes and the clock (Debian: the package `faketime`). PostgreSQL and Redis
keep the right time, as servers on other machines would. That the clock changes under a running process is
tested in tests/integration/checks/jobs/test_sweeper.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Flowing
from tests.faults.reach import until
from tests.faults.stack import Stack

pytestmark = [pytest.mark.faults, pytest.mark.thorough]

LIBRARIES = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib/faketime/libfaketimeMT.so.1")
BEHIND = "SELECT 1 FROM events_event WHERE occurred_at < recorded_at - interval '1 hour'"


@pytest.fixture
def wrong_clock(stack: Stack) -> Iterator[dict[str, str]]:
    """The variables that set a process's clock back."""
    library = next((str(path) for name in LIBRARIES for path in Path("/").glob(name)), None)
    if library is None:
        pytest.skip(
            "NOT TESTED: the clock set back. libfaketime is missing (Debian: apt-get install faketime)."
        )
    yield {"LD_PRELOAD": library, "FAKETIME": "-2h"}
    stack.restart()


def test_it_survives_the_clock_set_back(stack: Stack, wrong_clock: dict[str, str], flow: Flowing) -> None:
    with flow() as flowing:
        stack.set_renderer("crashes")
        flowing.accept(1)
        until(lambda: flowing.events("render_attempt_failed"), "retries wait for a time that was")
        stack.renderers.be("works")
        stack.restart(**wrong_clock)
        until(lambda: stack.sql(BEHIND), "the clock is behind")

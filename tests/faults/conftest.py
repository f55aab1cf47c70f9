"""A stack for all faults, and the table of what came of each."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from dev.bench.service import end_on_signals
from tests.faults import table
from tests.faults.flow import Flow, flowing
from tests.faults.reach import Reach
from tests.faults.stack import Stack, running

FEW, MANY = 5, 100  # orders before each fault, and after it

Flowing = Callable[..., AbstractContextManager[Flow]]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole service on servers of its own, for one test after another; a SIGTERM ends all of it too."""
    end_on_signals()
    with running(tmp_path_factory.mktemp("stack")) as stack:
        yield stack
        stack.service.manage("verify_events", "--quiet")


@pytest.fixture
def flow(stack: Stack, request: pytest.FixtureRequest) -> Flowing:
    """Let orders flow through a block, and hold the reckoning after it."""
    return through(stack, request)


def through(stack: Reach, request: pytest.FixtureRequest) -> Flowing:
    """The same for another stack."""
    around = MANY if request.config.getoption("--thorough") else FEW

    @contextmanager
    def flowing_through(**arguments: Any) -> Iterator[Flow]:
        flow = None
        try:
            with flowing(stack, around, **arguments) as flow:
                yield flow
        finally:
            if flow is not None:
                row = flow.row()
                table.note_row(request.node, row)
        flow.require_all_in_order(row)

    return flowing_through


def pytest_terminal_summary(terminalreporter: Any) -> None:
    table.write(terminalreporter)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI a fault that could not be tested counts as a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and table.untested(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

"""A stack for all faults, and the table of what came of each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from benchmarks.service import end_on_signals
from tests.faults.flow import Flow, flowing
from tests.faults.stack import Stack, running

ROW = "row of the table"
COLUMNS = ("fault", "orders sent", "accepted", "printed", "lost", "doubled")

Flowing = Callable[..., AbstractContextManager[Flow]]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole service on servers of its own, for one test after another; a SIGTERM ends all of it too."""
    end_on_signals()
    with running(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture
def flow(stack: Stack, request: pytest.FixtureRequest) -> Flowing:
    """Let orders flow through a block, and hold the reckoning after it."""
    fault = (
        request.node.name.removeprefix("test_it_survives_").replace("_", " ").replace("[", " ").rstrip("]")
    )

    @contextmanager
    def through(**arguments: Any) -> Iterator[Flow]:
        flow = None
        try:
            with flowing(stack, **arguments) as flow:
                yield flow
        finally:
            if flow is not None:
                row = flow.row(fault)
                request.node.user_properties.append((ROW, tuple(row)))  # the report takes it to the summary
        flow.require_all_in_order(row)

    return through


def pytest_terminal_summary(terminalreporter: Any) -> None:
    calls = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    rows = [row for report in calls for name, row in report.user_properties if name == ROW]
    if not rows:
        return
    lines = [COLUMNS, *[tuple(map(str, row)) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    terminalreporter.section("faults")
    for line in lines:
        name, *numbers = (
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        terminalreporter.write_line("  ".join([name, *numbers]))

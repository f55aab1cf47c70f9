"""The summary of a run …"""

from types import SimpleNamespace
from typing import Any

from tests.support import summary


class Terminal:
    """Collects what is written."""

    def __init__(self, **stats: list[Any]) -> None:
        self.stats, self.lines = stats, list[str]()

    def section(self, _title: str) -> None:
        self.lines.append("")

    def write_line(self, line: str, **_markup: bool) -> None:
        self.lines.append(" ".join(line.split()))


def report(nodeid: str, reason: str = "") -> Any:
    return SimpleNamespace(nodeid=nodeid, duration=1.5, longrepr=("file", 1, f"Skipped: {reason}"))


def written(**stats: list[Any]) -> list[str]:
    terminal = Terminal(**stats)
    summary.write(terminal)
    return terminal.lines


def test_it_counts_the_outcomes_of_each_folder() -> None:
    lines = written(
        passed=[report("tests/unit/a.py::b"), report("tests/unit/a.py::c")],
        failed=[report("tests/faults/d.py::e")],
    )

    assert lines[1:] == ["tests passed failed error skipped seconds", "faults 0 1 0 0 2", "unit 2 0 0 0 3"]


def test_it_counts_what_was_skipped_by_the_reason() -> None:
    skipped = [report("tests/unit/a.py::b", "no S3"), *[report("tests/unit/a.py::c", "slow")] * 2]

    assert written(skipped=skipped)[-2:] == ["2 skipped: slow", "1 skipped: no S3"]


def test_it_is_silent_when_nothing_ran() -> None:
    assert written() == []

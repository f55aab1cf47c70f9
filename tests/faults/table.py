"""The closing table of the faults: what ran and what came of it, what was left out and why."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.flow import Row

FOLDER = "tests/faults/"
PROPERTY = "row"  # travels with the report, also from a process of xdist
UNTESTED = "NOT TESTED"  # begins the reason of a skip for what the machine lacks
COLUMNS = ("fault", "result", "seconds", "sent", "accepted", "printed", "lost", "doubled", "remark")
NUMBERS = COLUMNS[2:8]
RESULTS = ("passed", "skipped", "failed", "error")
NOTHING = "-"


def note_row(node: pytest.Item, row: Row) -> None:
    node.user_properties.append((PROPERTY, tuple(row)))


def write(reporter: Any) -> None:
    """Write the table, and loudly what this machine could not test."""
    lines = [_line(result, report) for result, report in _reports(reporter)]
    if not any(line[1] != "skipped" or UNTESTED in line[-1] for line in lines):
        return
    reporter.section("faults")
    widths = [max(map(len, column)) for column in zip(COLUMNS, *lines, strict=True)]
    for line in (COLUMNS, *lines):
        cells = [
            cell.rjust(width) if name in NUMBERS else cell.ljust(width)
            for name, cell, width in zip(COLUMNS, line, widths, strict=True)
        ]
        reporter.write_line("  ".join(cells).rstrip())
    reporter.write_line(_counts(lines))
    for reason in untested(reporter):
        reporter.write_line(f"*** {reason} ***", red=True, bold=True)


def untested(reporter: Any) -> list[str]:
    """Return why faults could not be tested on this machine."""
    reasons = (_remark(report) for result, report in _reports(reporter) if result == "skipped")
    return sorted({reason for reason in reasons if reason.startswith(UNTESTED)})


def _reports(reporter: Any) -> Iterator[tuple[str, pytest.TestReport]]:
    """The last word on each test, in the order in which they ran."""
    found: dict[str, tuple[str, pytest.TestReport]] = {}
    for result in RESULTS:
        for report in reporter.stats.get(result, []):
            if report.nodeid.startswith(FOLDER):
                found[report.nodeid] = result, report
    yield from sorted(found.values(), key=lambda each: each[1].start)


def _line(result: str, report: pytest.TestReport) -> tuple[str, ...]:
    row = dict(report.user_properties).get(PROPERTY)
    seconds = f"{report.duration:.0f}"
    numbers: Any = row[:5] if row else (NOTHING,) * 5
    note = row[5] if row and result == "passed" else _remark(report)
    return (_name(report.nodeid), result, seconds, *map(str, numbers), note)


def _name(nodeid: str) -> str:
    name = nodeid.rpartition("::")[2].removeprefix("test_it_survives_").removeprefix("test_it_")
    return name.replace("_", " ").replace("[", " ").rstrip("]")


def _remark(report: pytest.TestReport) -> str:
    """Why it was left out or how it failed, in one line."""
    if isinstance(report.longrepr, tuple):  # of a skip: file, line, reason
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message.splitlines()[0][:100] if crash else ""


def _counts(lines: list[tuple[str, ...]]) -> str:
    results = [line[1] for line in lines]
    counted = ", ".join(f"{results.count(result)} {result}" for result in RESULTS)
    orders = sum(int(line[3]) for line in lines if line[3] != NOTHING)
    return f"{counted}; {orders} orders were sent."

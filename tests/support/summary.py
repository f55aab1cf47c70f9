"""What a run says at its end: what it ran, and what it skipped, for which reasons."""

from collections import Counter, defaultdict
from typing import Any

OUTCOMES = ("passed", "failed", "error", "skipped")
COLUMNS = ("tests", *OUTCOMES, "seconds")


def write(terminalreporter: Any) -> None:
    """Write a table of the folders of tests, and one of the reasons."""
    counts, seconds = _by_folder(terminalreporter.stats)
    if not counts:
        return
    terminalreporter.section("what ran, and what did not")
    terminalreporter.write_line("".join(column.rjust(12) for column in COLUMNS))
    for folder, outcomes in sorted(counts.items()):
        cells = [folder, *(str(outcomes[name]) for name in OUTCOMES), f"{seconds[folder]:.0f}"]
        terminalreporter.write_line("".join(cell.rjust(12) for cell in cells))
    for reason, count in reasons(terminalreporter.stats.get("skipped", [])).most_common():
        missing = reason.startswith("NOT TESTED")
        terminalreporter.write_line(f"{count:12} skipped: {reason}", red=missing, bold=missing)


def reasons(skipped: list[Any]) -> Counter[str]:
    """Count the skipped tests by the reason that they give."""
    return Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)


def _by_folder(stats: dict[str, list[Any]]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """Count the outcomes by folder, and the seconds that its tests took with their fixtures."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: Counter[str] = Counter()
    for outcome in (*OUTCOMES, ""):  # the last: fixtures that went well
        for report in stats.get(outcome, []):
            folder = report.nodeid.split("/")[1] if "/" in report.nodeid else "others"
            seconds[folder] += getattr(report, "duration", 0)
            if outcome:
                counts[folder][outcome] += 1
    return counts, seconds

"""The documentation …"""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string

import checks.domain.event_types  # noqa: F401 - registers the payloads
from events.log.registry import registry

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = [ROOT / name for name in ("README.md", "README.ru.md", "CONTRIBUTING.md")] + sorted(
    DOCS.rglob("*.md")
)
SETTINGS = sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "forfar" / "settings.py").read_text())))
EVENTS = sorted(registry.names())

# Files that a page names as examples, or that somebody else has.
EXAMPLE_FILES = {
    "2026-01-15/00000042.json",
    "2026-01-15/00000042.leaves",
    "2026-01-15/00000042.ndjson.gz",
    "manifest.json",  # of an export
    "pdf/",  # below MEDIA_ROOT
    "pg_hba.conf",
    "postgresql.conf",
    "seals.jsonl",
    "var/",  # made by script/server
    "var/seals.jsonl",
}
# Written like a setting of ours, and somebody else's.
OTHER_SETTINGS = {"CAP_DAC_OVERRIDE", "CUPS_SERVER", "PYTHON", "TEST_S3"}
FILE_SUFFIXES = (".py", ".md", ".html", ".json", ".yml", ".txt", ".sh", ".css", ".jsonl", ".png", ".svg")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
EVENT_NAMED = [
    re.compile(r"\b(?:events?|records) `([a-z_]+)`"),
    re.compile(r"`([a-z_]+)` events?\b"),
    re.compile(r"\b(?:type|event) (?:=|<>) '([a-z_]+)'"),
    re.compile(r"`check\.([a-z_]+)`"),
]

page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def spans_of(page: Path) -> Iterator[str]:
    """Yield what the page writes as code inside its sentences and tables."""
    for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", page.read_text())):
        yield span.replace(r"\|", "|").strip()


@cache
def tracked() -> frozenset[str]:
    """Return every file of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return frozenset(name for name in listed if (ROOT / name).exists())


def is_there(name: str) -> bool:
    """Say whether this is a folder or a file of the project, or the bare name of one."""
    if "/" in name:
        return (ROOT / name).exists()
    return any(Path(each).name == name for each in tracked())


def files_named_in(page: Path) -> set[str]:
    """Return the spans that look like a file or a folder of the project."""
    relative = [span for span in spans_of(page) if re.fullmatch(r"\.?[\w-][\w.-]*(/[\w.-]+)*/?", span)]
    folders = {name.split("/")[0] for name in tracked() if "/" in name}
    return (
        {
            name
            for name in relative
            if name.endswith((*FILE_SUFFIXES, "/")) or ("/" in name and name.split("/")[0] in folders)
        }
        - EXAMPLE_FILES
        - set(FILE_SUFFIXES)
    )


@page
def test_it_names_files_that_exist(page: Path) -> None:
    assert sorted(name for name in files_named_in(page) if not is_there(name)) == []


@page
def test_it_names_scripts_that_exist(page: Path) -> None:
    named = set(re.findall(r"\bscript/\w+", page.read_text()))

    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


@page
def test_it_names_settings_that_exist(page: Path) -> None:
    in_env = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    found = (re.match(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]+(?==))(?==|$)", span) for span in spans_of(page))
    named = {match[1] for match in found if match}

    assert sorted(named - in_env - OTHER_SETTINGS) == []


@page
def test_it_names_commands_that_exist(page: Path) -> None:
    named = set(re.findall(r"(?:manage\.py|script/manage) ([a-z]\w+)", page.read_text()))

    assert sorted(named - set(get_commands())) == []


@page
def test_it_names_events_that_exist(page: Path) -> None:
    text = page.read_text()
    named = {name for pattern in EVENT_NAMED for name in pattern.findall(text)}

    assert sorted(named - set(EVENTS)) == []


@page
def test_it_names_code_that_exists(page: Path) -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    dotted = (re.fullmatch(r"((\w+)(?:\.\w+)+)(?:\(\))?", span) for span in spans_of(page))
    named = {match[1] for match in dotted if match and match[2] in packages}

    assert sorted(name for name in named if not (is_importable(name) or is_permission(name))) == []


def is_importable(name: str) -> bool:
    try:
        import_string(name)
    except ImportError:
        return Path(ROOT, *name.split(".")).with_suffix(".py").exists()
    return True


def is_permission(name: str) -> bool:
    """Say whether an app has this permission."""
    label, codename = name.split(".", 1)
    metas: list[Any] = [model._meta for model in apps.get_models() if model._meta.app_label == label]
    ordinary = {f"{verb}_{meta.model_name}" for meta in metas for verb in meta.default_permissions}
    return codename in ordinary.union(*(dict(meta.permissions) for meta in metas))


@page
def test_it_links_to_what_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s:]+)\)", FENCE.sub("", page.read_text()))
    targets = [link.partition("#") for link in links]

    assert [
        f"{path}#{anchor}"
        for path, _, anchor in targets
        if not (page.parent / path).exists() or (anchor and anchor not in anchors_of(page, path))
    ] == []


def anchors_of(page: Path, path: str) -> set[str]:
    """Return the anchors that a page's headings get where Markdown is shown."""
    text = FENCE.sub("", ((page.parent / path) if path else page).read_text())
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


OPERATIONS = ROOT / "docs" / "operations.md"
CRON = (ROOT / "forfar" / "cron.py").read_text()
CRON_JOBS = re.findall(r"^every\((\w+), interval=(\d+)", CRON, re.MULTILINE)


def test_there_are_settings_to_look_for() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"} <= set(SETTINGS)
    assert len(SETTINGS) > 30
    assert len(CRON_JOBS) > 5


@pytest.mark.parametrize("name", SETTINGS)
def test_it_explains_every_setting(name: str) -> None:
    assert re.search(rf"^\|.*`{name}`.*\|.*\|.*\|$", (DOCS / "settings.md").read_text(), re.MULTILINE)
    assert re.search(rf"^#{name}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("job", "seconds"), CRON_JOBS)
def test_it_says_how_often_cron_runs_each_job(job: str, seconds: str) -> None:
    row = re.search(rf"^\| `{job}` \| (\d+) (s|min|h) \|", OPERATIONS.read_text(), re.MULTILINE)

    assert row is not None
    assert int(row[1]) * {"s": 1, "min": 60, "h": 3600}[row[2]] == int(seconds)


def test_it_names_no_job_that_cron_does_not_run() -> None:
    section = OPERATIONS.read_text().partition("## What cron runs")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [job for job, _seconds in CRON_JOBS]


@pytest.mark.parametrize("name", EVENTS)
def test_it_explains_every_event(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "events.md").read_text()


def test_it_explains_no_event_that_is_gone() -> None:
    _, _, section = (DOCS / "events.md").read_text().partition("## Events\n")
    rows = re.findall(r"^\| `(\w+)` \|", section.partition("\n## ")[0], re.MULTILINE)

    assert sorted(rows) == EVENTS


def test_it_explains_every_command() -> None:
    ours = {Path(name).stem for name in tracked() if re.search(r"/commands/[a-z]\w+\.py$", name)}
    page = (DOCS / "commands.md").read_text()
    hidden = {"migrate", "write_dictionary"}  # Django's own with other deadlines; behind script/dictionary

    assert "verify_events" in ours
    assert (
        sorted(name for name in ours - hidden if not re.search(rf"^\| `{name}[ `]", page, re.MULTILINE)) == []
    )


def test_it_lists_only_commands_that_exist() -> None:
    rows = re.findall(r"^\| `(\w+)[ `]", (DOCS / "commands.md").read_text(), re.MULTILINE)

    assert sorted(set(rows) - set(get_commands())) == []


def test_it_explains_every_webhook() -> None:
    from readers.webhooks.payload import SENT_TYPES

    page = (DOCS / "webhooks.md").read_text()

    assert [name for name in SENT_TYPES if f"`check.{name}`" not in page] == []


@pytest.mark.parametrize("record", sorted(DOCS.glob("decisions/0*.md")), ids=lambda path: path.name)
def test_it_lists_every_decision_in_one_form(record: Path) -> None:
    text = record.read_text()
    number = record.name[:4]
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert re.match(rf"# {number}\. \S", text)
    assert re.search(r"^\* Date: 20\d\d-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^\* Status: (accepted|superseded by \[\d{4}\])", text, re.MULTILINE)
    assert headings[:2] == ["Context", "Decision"]
    assert "Consequences" in headings
    assert f"({record.name})" in (record.parent / "README.md").read_text()


def test_it_says_of_each_threat_which_test_shows_what_is_done() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (DOCS / "security.md").read_text())

    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_it_introduces_itself_in_under_600_words() -> None:
    assert len((ROOT / "README.md").read_text().split()) < 600

"""The documents name …"""

import re
from pathlib import Path

import pytest
from django.conf import settings

import checks.domain.event_types  # noqa: F401 - registers the payloads
from events.log.registry import registry

ROOT = Path(settings.BASE_DIR)
SETTINGS = sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "forfar" / "settings.py").read_text())))

OPERATIONS = ROOT / "docs" / "operations.md"
CRON = (ROOT / "forfar" / "cron.py").read_text()
CRON_JOBS = re.findall(r"^every\((\w+), interval=(\d+)", CRON, re.MULTILINE)


def test_there_are_settings_to_look_for() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"} <= set(SETTINGS)
    assert len(SETTINGS) > 30
    assert len(CRON_JOBS) > 5


@pytest.mark.parametrize("name", SETTINGS)
def test_they_name_every_setting(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text()
    assert re.search(rf"^#{name}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("job", "seconds"), CRON_JOBS)
def test_they_say_how_often_cron_runs_each_job(job: str, seconds: str) -> None:
    row = re.search(rf"^\| `{job}` \| (\d+) (s|min|h) \|", OPERATIONS.read_text(), re.MULTILINE)

    assert row is not None
    assert int(row[1]) * {"s": 1, "min": 60, "h": 3600}[row[2]] == int(seconds)


def test_they_name_no_job_that_cron_does_not_run() -> None:
    section = OPERATIONS.read_text().partition("## What cron runs")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [job for job, _seconds in CRON_JOBS]


@pytest.mark.parametrize("name", sorted(registry.names()))
def test_they_name_every_event(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs" / "events.md").read_text()


@pytest.mark.parametrize(
    "record", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=lambda path: path.name
)
def test_they_list_every_decision(record: Path) -> None:
    assert f"({record.name})" in (record.parent / "README.md").read_text()


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "README.ru.md",
        "docs/admin.md",
        "docs/analytics.md",
        "docs/api.md",
        "docs/events.md",
        "docs/operations.md",
        "docs/performance.md",
        "docs/reliability.md",
        "docs/security.md",
        "docs/webhooks.md",
    ],
)
def test_they_link_to_what_is_there(page: str) -> None:
    path = ROOT / page

    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / link).exists(), link


def test_they_say_of_each_threat_which_test_shows_what_is_done() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"`(tests/[^`]+)`", page)

    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []

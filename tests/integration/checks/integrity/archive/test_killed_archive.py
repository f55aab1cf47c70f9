"""An archive_events that is killed …"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from events.models import Event
from tests.functional.processes import environment
from tests.integration.checks.integrity.archive.helpers import everywhere, run, verified

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = [
    ".gz is written",
    ".gz is named",
    ".leaves is written",
    ".leaves is named",
    ".json is written",
    ".json is named",
    "the part is verified",
    "the part is listed",
    "the events are deleted",
    "the checks are deleted",
    "the part is taken out",
]


def killed_after(folder: Path, steps: int) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "tests.integration.checks.integrity.archive.killed",
        str(folder),
        str(steps),
    ]
    variables = environment(DJANGO_SETTINGS_MODULE="forfar.settings")
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("number", "name"), [*enumerate(STEPS, start=1)], ids=STEPS)
def test_it_loses_and_doubles_nothing_and_the_next_run_finishes(
    orders: Any,
    folder: Path,
    number: int,
    name: str,
) -> None:
    before = sorted(Event.objects.values_list("id", flat=True))

    process = killed_after(folder, number)

    assert (process.returncode, process.stdout.strip()) == (-9, name), process.stderr
    found = everywhere(folder)
    assert sorted(found["tables"] + found["archive"]) == before
    for options in ({}, {"archive": folder}):
        code, lines = verified(**options)
        assert code == 0, lines

    run(folder)

    found = everywhere(folder)
    assert sorted(found["tables"] + found["archive"]) == before
    assert len(found["archive"]) == 21
    assert verified(archive=folder)[0] == 0
    assert len(list(folder.glob("*/*"))) == 3, "something was left over"


def test_it_has_these_steps_and_no_others(orders: Any, folder: Path) -> None:
    steps: list[str] = []

    run(folder, steps.append)

    assert steps == STEPS

"""The compiled requirements …"""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMES = ["requirements", "requirements-embedded", "requirements-export", "requirements-dev"]


def packages(path: Path, pattern: str) -> set[str]:
    found = re.findall(pattern, path.read_text(), re.MULTILINE)
    return {name.lower().replace("_", "-") for name in found}


def pins(name: str) -> set[str]:
    return packages(ROOT / f"{name}.txt", r"^([A-Za-z0-9_.-]+)==[^\s;]+(?: ;.*)?$")


@pytest.mark.parametrize("name", NAMES)
def test_they_pin_everything_that_is_asked_for(name: str) -> None:
    asked = packages(ROOT / f"{name}.in", r"^([A-Za-z0-9_.-]+)(?=[\s=~<>]|$)") - {"-r", "-c"}

    assert asked
    assert asked <= pins(name)


@pytest.mark.parametrize("name", NAMES)
def test_they_hold_pins_and_nothing_else(name: str) -> None:
    lines = [line for line in (ROOT / f"{name}.txt").read_text().splitlines() if line.strip()]
    others = [line for line in lines if not line.lstrip().startswith("#") and "==" not in line]

    assert others == []
    assert "://" not in "\n".join(lines)


@pytest.mark.parametrize("name", NAMES[:3])
def test_they_have_one_version_of_what_the_service_needs(name: str) -> None:
    def versions(name: str) -> list[str]:
        lines = (ROOT / f"{name}.txt").read_text().splitlines()
        return [line.split(";")[0].strip() for line in lines if "==" in line]

    assert len(versions(name)) == len(pins(name))
    assert set(versions(name)) <= set(versions("requirements-dev"))

"""Every page, with little in it and with much …"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dev.pictures.chromium import DESKTOP, PHONE, set_scheme
from dev.pictures.pages import PAGES, WITHOUT_CHECKS, address_of
from dev.pictures.service import Stage
from tests.browser.conftest import Login

SIZES = {"desktop": DESKTOP, "phone": PHONE}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# What Django's widgets lack: a rule, and a part of the element.
THEIRS = (("aria-prohibited-attr", "help-tooltip"),)


def _complaints(page: Page, rules: list[str]) -> list[str]:
    """Return what axe finds, by its rule and the element."""
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],  # the others would be described node by node
        "preload": False,  # axe would ask for what a style sheet imports at the page's address, and get a 404
    }
    found = Axe().run(page, options=options).response["violations"]
    complaints = [
        (each["id"], node["html"], node["failureSummary"]) for each in found for node in each["nodes"]
    ]
    return [
        f"{rule}: {element[:200]}: {summary}"
        for rule, element, summary in complaints
        if not any(rule == theirs and part in element for theirs, part in THEIRS)
    ]


def _look(page: Page, folder: Path | None, name: str) -> None:
    """Find no complaint in either scheme of colours, nothing wider than a phone; write the screenshots."""
    for scheme, rules in (("dark", ["color-contrast"]), ("light", RULES)):
        set_scheme(page, scheme)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            if folder is not None:
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", animations="disabled")
        # Charts take a moment to follow a new width. Fails with a time-out when the page stays too wide.
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size(DESKTOP)
        assert _complaints(page, rules) == []


@pytest.mark.parametrize("name", PAGES)
def test_with_much(visit: Login, stage: Stage, screenshots: Path | None, name: str) -> None:
    admin = visit("admin", language="ru-RU")

    assert admin.go(address_of(name, stage.checks)).ok

    _look(admin.page, screenshots, f"much-{name}")


@pytest.mark.parametrize("name", WITHOUT_CHECKS)
def test_with_nothing_yet(visit: Login, empty_stage: Stage, screenshots: Path | None, name: str) -> None:
    admin = visit("admin", language="ru-RU", where=empty_stage)

    assert admin.go(address_of(name, {})).ok

    _look(admin.page, screenshots, f"little-{name}")


def test_of_a_login_and_of_too_many(visit: Login, empty_stage: Stage, screenshots: Path | None) -> None:
    nobody = visit("", where=empty_stage, language="ru-RU")
    nobody.faults.expect(429)
    nobody.go("/admin/login/")
    _look(nobody.page, screenshots, "login")

    for _attempt in range(5):
        nobody.go("/admin/login/")
        nobody.page.fill("input[name=username]", "guesser")
        nobody.page.fill("input[name=password]", "wrong")
        nobody.page.click("[type=submit]")

    expect(nobody.page.get_by_role("heading", name="Слишком много неудачных попыток входа")).to_be_visible()
    _look(nobody.page, screenshots, "locked-out")

"""Somebody who is logged in, and what they look for on a page."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Response

from dev.pictures.chromium import PHONE
from dev.pictures.service import Stage
from tests.browser.faults import Faults

CHECKS = "/admin/checks/check/"


@dataclass
class Visitor:
    page: Page
    stage: Stage
    faults: Faults

    def go(self, address: str) -> Response:
        response = self.page.goto(address)
        assert response is not None
        return response

    def go_to_check(self, name: str) -> None:
        """Open the page of a check of the scene, by what is to be seen on it."""
        self.go(f"{CHECKS}{self.stage.checks[name]}/change/")

    def part(self, heading: str) -> Locator:
        """Return the part of the page that has this heading."""
        return self.page.get_by_role("region", name=heading)

    def take_phone(self) -> None:
        self.page.set_viewport_size(PHONE)

    def width_over(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        over: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return over

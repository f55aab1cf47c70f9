"""The system's Chromium, driven by Playwright, which would download one of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    ViewportSize,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium_path() -> str | None:
    """Return where the system's Chromium is, None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """Run this browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


def open_context(
    browser: Browser, address: str, *, language: str, cookies: StorageState | None = None
) -> BrowserContext:
    """Open a browser session of its own that asks for pages in this language."""
    return browser.new_context(
        base_url=address,
        locale=language,
        timezone_id="Europe/Moscow",
        viewport=DESKTOP,
        color_scheme="light",
        storage_state=cookies,
    )


def set_scheme(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page in these colours, as it does where the system asks for them."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")


def log_in(page: Page, username: str, password: str) -> None:
    """Log in to the admin as a person does."""
    page.goto("/admin/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")

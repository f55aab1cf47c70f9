"""The service in earnest, with an evening in it, and the system's Chromium to look at it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from dev.bench.service import end_on_signals
from dev.pictures import chromium
from dev.pictures.chromium import log_in, open_context
from dev.pictures.service import Stage, staged
from tests.browser.faults import Faults
from tests.browser.visitor import Visitor

Login = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium; where there is none the tests are left out, in CI they fail.

    It ends with this package: while Playwright runs, Django takes its thread for one of asyncio.
    """
    path = chromium.chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the tests of the admin: install the package chromium.")
        pytest.skip("NOT TESTED: the admin in a browser. There is no Chromium: install the package chromium.")
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The service after an ordinary day and an evening with everything that can go wrong."""
    end_on_signals()
    with staged(tmp_path_factory.mktemp("busy")) as stage:
        stage.play(datetime.now(timezone.utc), days=1)
        stage.service.start_web()
        yield stage


@pytest.fixture(scope="package")
def empty_stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The service as it is after its first start: nothing has happened."""
    end_on_signals()
    with staged(tmp_path_factory.mktemp("empty")) as stage:
        stage.play_nothing()
        stage.service.start_web()
        yield stage


@pytest.fixture(scope="package")
def logins() -> dict[tuple[str, str], StorageState]:
    """The cookies of those who have logged in, by the service's address and the name."""
    return {}


@pytest.fixture
def visit(browser: Browser, stage: Stage, logins: dict[tuple[str, str], StorageState]) -> Iterator[Login]:
    """Let somebody in, who logs in the first time, or nobody; at the end no page may have had a fault."""
    opened: list[tuple[Page, Faults]] = []

    def visit(username: str = "olga", *, language: str = "en-GB", where: Stage = stage) -> Visitor:
        cookies = logins.get((where.address, username))
        page = open_context(browser, where.address, language=language, cookies=cookies).new_page()
        opened.append((page, Faults(page)))
        if username and cookies is None:
            log_in(page, username, where.password)
            logins[where.address, username] = page.context.storage_state()
        return Visitor(page, where, opened[-1][1])

    yield visit
    for page, faults in opened:
        page.context.close()
        faults.require_none()


@pytest.fixture(scope="package")
def screenshots(request: pytest.FixtureRequest) -> Path | None:
    """The folder that --screenshots names; without it none are taken."""
    asked = request.config.getoption("--screenshots")
    if not asked:
        return None
    Path(asked).mkdir(parents=True, exist_ok=True)
    return Path(asked)

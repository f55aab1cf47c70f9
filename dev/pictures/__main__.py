"""python -m dev.pictures [FOLDER]: make the pictures of docs/admin.md; see script/pictures --help."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from dev.pictures import chromium
from dev.pictures.pages import address_of
from dev.pictures.service import Stage, staged
from dev.server import DevServerError
from dev.server.environment import PROJECT

MOMENT = datetime(2026, 3, 13, 20, 40, tzinfo=ZoneInfo("Europe/Moscow"))
DAYS = 8
WIDTH = 1366
VIEWER_MS = 2000  # a PDF in its frame tells nobody when it is there
FROZEN = "python -m granian dev.pictures.frozen:application --interface wsgi --host 127.0.0.1 --port $PORT"
HEIGHTS = {
    "home": 1000,
    "checks": 700,
    "check-unconfirmed": 860,
    "check": 1100,
    "order": 560,
    "printer-silent": 640,
}


def make(stage: Stage, browser: Browser, folder: Path) -> None:
    """Take a picture of each page, as a manager sees it."""
    page = chromium.open_context(browser, stage.address, language="en-GB").new_page()
    chromium.log_in(page, "marina", stage.password)
    for name, height in HEIGHTS.items():
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.goto(address_of(name, stage.checks), wait_until="networkidle")
        if page.locator("iframe").count():
            page.wait_for_timeout(VIEWER_MS)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")
    page.set_viewport_size(chromium.PHONE)
    page.goto(address_of("check-unconfirmed", stage.checks))
    page.screenshot(path=folder / "phone.png", animations="disabled")


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else PROJECT / "docs" / "pictures"
    path = chromium.chromium_path()
    if path is None:
        sys.stderr.write("The pictures need Chromium: install the package chromium.\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="forfar-pictures-") as name, staged(Path(name)) as stage:
        stage.play(MOMENT, DAYS)
        stage.service.start_web(FROZEN, {"FROZEN_AT": MOMENT.isoformat()})
        with chromium.running(path) as browser:
            make(stage, browser, folder)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DevServerError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)

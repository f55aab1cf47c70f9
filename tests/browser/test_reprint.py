"""Support staff find an unconfirmed check and have it printed again: …"""

import re
from urllib.parse import urlencode

from playwright.sync_api import expect

from dev.pictures.service import Stage
from dev.server import client
from tests.browser.conftest import Login
from tests.browser.visitor import Visitor
from tests.functional.rendering.pdfs import read_text

REASON = "The kitchen rang: no paper"


def _offered(stage: Stage, key: str) -> str:
    return client.get(f"{stage.address}/new_checks/?{urlencode({'api_key': key})}", stage.service.env).text


def _unconfirmed(visitor: Visitor) -> int:
    """Go from the first page's number to a check that nobody confirmed; return its id."""
    visitor.go("/admin/")
    visitor.part("What needs a person now").get_by_role("link", name="nconfirmed").first.click()
    expect(visitor.page.get_by_role("link", name="Unconfirmed")).to_have_attribute("aria-current", "page")
    visitor.page.locator("#result_list tbody tr").last.get_by_role("link").first.click()
    found = re.search(r"/check/(\d+)/change/", visitor.page.url)
    assert found
    return int(found[1])


def test_the_printer_is_offered_it_once_more(visit: Login, stage: Stage) -> None:
    olga = visit("olga")
    check_id = _unconfirmed(olga)
    expect(olga.part("What now")).to_contain_text("did not confirm")
    assert f'"id":{check_id}}}' not in _offered(stage, "kitchen-1")

    olga.part("What now").get_by_role("link", name="Print it again").click()
    olga.page.get_by_label("Reason").fill(REASON)
    olga.page.get_by_role("button", name="Print it again").click()

    expect(olga.page.get_by_text("Done: Print it again.")).to_be_visible()
    new_event = olga.page.locator("li:target")
    expect(new_event).to_contain_text("to be printed again")
    expect(new_event).to_contain_text("Ольга Ветрова")
    expect(olga.part("What now")).to_contain_text("Waiting for printer")
    assert f'"id":{check_id}}}' in _offered(stage, "kitchen-1")
    document = olga.page.request.get("/check/", params={"api_key": "kitchen-1", "check_id": check_id})
    assert "КОПИЯ 2" in read_text(document.body())


def test_nothing_happens_without_a_reason(visit: Login) -> None:
    olga = visit("olga")
    olga.go_to_check("unconfirmed")

    olga.part("What now").get_by_role("link", name="Print it again").click()
    olga.page.get_by_role("button", name="Print it again").click()

    expect(olga.page).to_have_url(re.compile("/act/reprint/$"))  # the browser asks for the reason
    olga.go_to_check("unconfirmed")
    expect(olga.part("Timeline").get_by_role("listitem")).to_have_count(4)

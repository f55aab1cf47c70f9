"""Support staff follow an order: …"""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Login
from tests.browser.visitor import CHECKS


def test_from_the_filters_to_its_pdf_and_its_timeline(visit: Login) -> None:
    olga = visit("olga")
    olga.go(CHECKS)
    olga.page.get_by_role("button", name="Filters").first.click()
    olga.page.get_by_label("Printer").fill("Горячий")
    olga.page.get_by_label("Status", exact=True).select_option(label="failed")
    olga.page.get_by_label("Stage of the last failure").select_option(label="printing")
    olga.page.get_by_role("button", name="Apply filters").click()

    rows = olga.page.locator("#result_list tbody tr")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").first.click()

    document = olga.page.frame_locator("iframe").owner.get_attribute("src")
    answer = olga.page.request.get(document or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    names = olga.part("Timeline").get_by_role("listitem").locator("strong")
    assert names.all_text_contents() == ["created", "rendered", "fetched by the printer", "failed"]
    expect(olga.part("What now")).to_contain_text("could not print it")


def test_to_all_checks_of_the_order_and_back(visit: Login) -> None:
    olga = visit("olga")
    olga.go_to_check("reprinted")
    olga.part("What now").get_by_role("link", name="all checks of this order").click()

    expect(olga.page.get_by_role("article")).to_have_count(2)
    olga.page.get_by_role("article").first.get_by_role("link").click()
    expect(olga.page).to_have_url(re.compile(f"/{olga.stage.checks['reprinted']}/change/$"))


def test_it_as_of_a_version(visit: Login) -> None:
    olga = visit("olga")
    olga.go_to_check("reprinted")
    olga.page.locator("#v4").get_by_role("link", name="the check as of this event").click()

    then = olga.page.get_by_role("region", name="The check as of version 4")
    expect(then.get_by_role("row", name="status failed failed")).to_be_visible()
    expect(then).to_contain_text("events, status and history agree")
    expect(olga.part("Timeline").get_by_role("listitem")).to_have_count(4)
    then.get_by_role("link", name="to the check as it is now").click()
    expect(olga.part("Timeline").get_by_role("listitem")).to_have_count(7)

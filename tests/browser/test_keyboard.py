"""Without a mouse staff …"""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Login
from tests.browser.visitor import Visitor

OUTLINE = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && style.outlineWidth !== "0px" || style.boxShadow !== "none";
}"""
TEXT = "document.activeElement.textContent.trim()"
MOST_STEPS = 60


def _tab_to(visitor: Visitor, text: str) -> None:
    """Press the tab key until what has this text has the focus; each stop on the way has to be seen."""
    for _step in range(MOST_STEPS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate(TEXT) == text:
            assert visitor.page.evaluate(OUTLINE), f"the focus on {text} cannot be seen"
            return
    raise AssertionError(f"{text} is not reached")


def _be_in_the_field(visitor: Visitor, name: str) -> None:
    """Press the tab key until the field has the focus: Chromium does not always give it to an `autofocus`."""
    for _step in range(MOST_STEPS):
        if visitor.page.evaluate("document.activeElement.name") == name:
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"the field {name} is not reached")


def test_reach_an_action_and_confirm_it(visit: Login) -> None:
    marina = visit("marina")
    marina.go_to_check("slow")

    _tab_to(marina, "Print it again")
    marina.page.keyboard.press("Enter")
    marina.page.wait_for_url(re.compile("/act/reprint/"))
    _be_in_the_field(marina, "reason")
    marina.page.keyboard.type("The paper got wet")
    _tab_to(marina, "Print it again")
    marina.page.keyboard.press("Enter")

    expect(marina.page).to_have_url(re.compile("/change/#v5$"))
    expect(marina.page.locator("#v5")).to_contain_text("to be printed again")

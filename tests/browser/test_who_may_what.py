"""An analyst …"""

from playwright.sync_api import expect

from tests.browser.conftest import Login
from tests.browser.visitor import CHECKS


def test_looks_and_is_offered_no_action(visit: Login) -> None:
    timur = visit("timur")
    timur.go_to_check("unconfirmed")

    expect(timur.part("What now")).to_contain_text("did not confirm")
    expect(timur.page.get_by_role("link", name="Print it again")).to_have_count(0)
    expect(timur.page.get_by_text("you do not have permission to see personal data")).to_be_visible()


def test_is_refused_an_action_whose_address_they_know(visit: Login) -> None:
    timur = visit("timur")
    timur.faults.expect(403)

    answer = timur.go(f"{CHECKS}{timur.stage.checks['unconfirmed']}/act/reprint/")

    assert answer.status == 403

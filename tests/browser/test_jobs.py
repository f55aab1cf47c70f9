"""The list of jobs …"""

from playwright.sync_api import expect

from tests.browser.conftest import Login


def test_ticks_all_its_rows_at_once(visit: Login) -> None:
    admin = visit("admin")
    admin.go("/django-rq/queues/0/")
    rows = admin.page.locator("input.action-select")
    expect(rows.first).not_to_be_checked()

    admin.page.get_by_label("All jobs").check()

    assert rows.count() > 1
    assert all(rows.nth(at).is_checked() for at in range(rows.count()))
    admin.page.get_by_label("All jobs").uncheck()
    expect(rows.first).not_to_be_checked()

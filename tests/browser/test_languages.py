"""The admin speaks …"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Login


@pytest.mark.parametrize(
    ("language", "heading", "action"),
    [
        ("ru-RU", "Что сейчас", "Напечатать ещё раз"),
        ("en-GB", "What now", "Print it again"),
        ("de-DE", "Что сейчас", "Напечатать ещё раз"),  # a language that it does not have
    ],
)
def test_the_language_of_the_browser(visit: Login, language: str, heading: str, action: str) -> None:
    olga = visit("olga", language=language)

    olga.go_to_check("unconfirmed")

    expect(olga.part(heading).get_by_role("link", name=action)).to_be_visible()

"""A span of time, a code or a column in words …"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from checks.admin.words import EVENTS, REASONS, column_value, duration_in_words, event_name, reason_in_words
from checks.domain.event_types import registry


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (-3, "0 ms", "0 мс"),
        (0.012, "12 ms", "12 мс"),
        (3.44, "3.4 s", "3,4 с"),
        (59, "59 s", "59 с"),
        (60, "1 min", "1 мин"),
        (252, "4 min 12 s", "4 мин 12 с"),
        (3600, "1 h", "1 ч"),
        (3601, "1 h", "1 ч"),
        (7500, "2 h 5 min", "2 ч 5 мин"),
        (90_000, "1 d 1 h", "1 д 1 ч"),
    ],
)
def test_it_has_the_two_largest_units(seconds: float, english: str, russian: str) -> None:
    for language, words in (("en", english), ("ru", russian)):
        with translation.override(language):
            assert duration_in_words(timedelta(seconds=seconds)) == words


def test_it_exists_for_every_event() -> None:
    assert set(EVENTS) == set(registry.names())


def test_it_is_what_was_written_where_nobody_has_words_for_it() -> None:
    assert event_name("folded") == "folded"
    assert reason_in_words("замялась бумага") == "замялась бумага"
    assert column_value("pdf_file", "pdf/1_client.pdf") == "pdf/1_client.pdf"


def test_it_is_a_dash_where_there_is_nothing() -> None:
    assert column_value("lease_expires_at", None) == column_value("pdf_file", "") == "–"


def test_it_exists_for_every_reason_why_rendering_fails() -> None:
    sources = [*Path("checks/rendering").rglob("*.py"), Path("checks/jobs/render.py")]
    reasons = {code for path in sources for code in re.findall(r'reason="(\w+)"', path.read_text())}

    assert "timeout" in reasons
    assert reasons <= set(REASONS)

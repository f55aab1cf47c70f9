"""A figure beside its budget…"""

import pytest

from dev.bench.budgets import BUDGETS, Figure, shown


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "–"),
        (0.0, "0"),
        (0.1234, "0.123"),
        (14.26, "14.3"),
        (999.4, "999"),
        (999.7, "1,000"),
        (1849, "1,850"),
        (52_340, "52,300"),
        (1_000_000, "1,000,000"),
    ],
)
def test_it_shows_three_digits(number: float | None, text: str) -> None:
    assert shown(number) == text


def test_it_is_met_from_the_promised_rate_on() -> None:
    assert BUDGETS["create"].is_met(500)
    assert not BUDGETS["create"].is_met(499.9)


def test_it_is_met_up_to_the_promised_time() -> None:
    assert BUDGETS["latency"].is_met(40)
    assert not BUDGETS["latency"].is_met(40.1)


def test_it_has_a_ratio_only_with_a_limit() -> None:
    assert Figure("create", 500, 2000).ratio == 0.25
    assert Figure("poll_growth", 0.95).ratio is None

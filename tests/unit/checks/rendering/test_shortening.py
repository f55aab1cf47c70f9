"""What is printed of a text…"""

from hypothesis import given
from hypothesis import strategies as st

from checks.rendering.document.shortening import ALL_CHARACTERS, ALL_LINES, MOST, Limit, common_limit, shorten

MENU = ["Пицца «Маргарита» с томлёными томатами, большая"] * 500


def test_it_is_all_of_an_ordinary_menu() -> None:
    assert common_limit(MENU) == MOST


def test_it_is_less_of_a_long_text_when_there_are_many() -> None:
    assert common_limit(["ы" * 5000] * 500) == Limit(characters=60, lines=20)
    assert common_limit(["ы" * 5000] * 30) == Limit(characters=1000, lines=20)
    assert common_limit(["\n" * 5000] * 500).lines == 4


def test_it_is_not_less_for_the_short_ones_beside_a_long_one() -> None:
    limit = common_limit([*MENU[:100], "ы" * 100_000])
    assert limit == MOST


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=500))
def test_it_stays_within_bounds_together(sizes: list[int]) -> None:
    texts = ["ы" * (size // 2) + "\n" * (size // 20) for size in sizes]
    limit = common_limit(texts)
    shown = [shorten(text, limit) for text in texts]
    assert sum(map(len, shown)) <= ALL_CHARACTERS
    assert sum(text.count("\n") + 1 for text in shown) <= ALL_LINES
    assert limit.characters >= 60
    assert limit.lines >= 4


@given(st.text(), st.integers(1, 50), st.integers(1, 5))
def test_it_is_the_texts_beginning(text: str, characters: int, lines: int) -> None:
    shown = shorten(text, Limit(characters, lines))
    assert text.startswith(shown)
    assert len(shown) <= characters
    assert shown.count("\n") < lines
    if len(text) <= characters and text.count("\n") < lines:
        assert shown == text

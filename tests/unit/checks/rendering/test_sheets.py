"""The division into sheets…"""

from hypothesis import given
from hypothesis import strategies as st

from checks.rendering.document.sheets import PAGE_PX, Frame, count_lines, divide

FRAME = Frame(title=300, running=60, columns=40, closing=200)


def test_it_keeps_a_short_order_on_one_sheet():
    assert divide([60] * 10, FRAME) == [range(10)]


def test_it_moves_an_item_rather_than_leave_the_total_alone():
    room = PAGE_PX - FRAME.title - FRAME.columns
    assert divide([room // 4] * 4, FRAME)[-1] == range(3, 4)


def test_it_gives_an_item_above_a_page_its_own_sheet():
    assert divide([60, 5 * PAGE_PX, 60], FRAME) == [range(1), range(1, 2), range(2, 3)]


@given(st.lists(st.integers(min_value=40, max_value=3 * PAGE_PX), min_size=1, max_size=60))
def test_it_places_each_item_once_and_overfills_no_sheet(heights):
    sheets = divide(heights, FRAME)
    assert [index for sheet in sheets for index in sheet] == list(range(len(heights)))
    assert all(sheet for sheet in sheets)
    for sheet in sheets[1:]:
        used = FRAME.running + FRAME.columns + sum(heights[index] for index in sheet)
        assert used <= PAGE_PX or len(sheet) == 1


def test_it_counts_lines_by_words():
    assert count_lines("один", 10) == 1
    assert count_lines("один два три", 5) == 2
    assert count_lines("один два три", 4) == 3
    assert count_lines("первая\nвторая", 20) == 2


def test_it_breaks_words_above_a_line():
    assert count_lines("Ы" * 100, 20) >= 100 * 1.0 / 20

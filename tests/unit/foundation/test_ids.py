"""Text is an id …"""

import pytest

from foundation.ids import id_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("17", 17), ("01", 1), ("9223372036854775807", 2**63 - 1), ("0000000000000000001", 1)],
)
def test_when_it_is_a_number_that_a_row_can_have(text: str, number: int) -> None:
    assert id_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "000",
        "9223372036854775808",
        "9" * 19,
        "9" * 20,
        "00000000000000000001",  # longer than the longest id
        "1" * 5000,  # int() refuses it
        "-1",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1_000",
        "1.0",
        "1e3",
        "0x1",
        "\x00",
        "1\x00",
        "٣",  # ARABIC-INDIC DIGIT THREE
        "３",  # FULLWIDTH DIGIT THREE
        "²",
        "Ⅳ",
        "\udc80",
        "None",
    ],
    ids=lambda text: ascii(text)[:24],
)
def test_but_not_when_no_row_can_have_it(text: str) -> None:
    assert id_in(text) is None

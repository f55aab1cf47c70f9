"""The chart of growth…"""

from xml.etree import ElementTree

import pytest

from dev.bench.chart import HEIGHT, WIDTH, ceiling, draw, x_of
from dev.bench.growth import Size

SVG = "{http://www.w3.org/2000/svg}"
SIZES = [Size(1_000, {"poll": 2000.0, "create": 500.0}), Size(100_000, {"poll": 1900.0, "create": 480.0})]


@pytest.mark.parametrize(("value", "top"), [(0, 1), (95, 200), (90, 100), (2.5, 3), (1800, 2000)])
def test_it_leaves_room_above_the_highest_value(value: float, top: float) -> None:
    assert ceiling(value) == pytest.approx(top)


def test_it_has_a_logarithmic_axis() -> None:
    first, middle, last = (x_of(checks, SIZES) for checks in (1_000, 10_000, 100_000))
    assert middle - first == pytest.approx(last - middle)
    assert 0 < first < last < WIDTH


def test_it_is_an_image_with_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(draw(SIZES))  # noqa: S314 - our own text
    described = {root.find(f"{SVG}{name}").get("id") for name in ("title", "desc")}
    assert root.get("role") == "img"
    assert set(root.get("aria-labelledby").split()) == described
    assert "2,000 to 1,900 a second" in root.find(f"{SVG}desc").text


def test_it_draws_a_panel_for_each_measure_that_there_is() -> None:
    root = ElementTree.fromstring(draw(SIZES))  # noqa: S314 - our own text
    assert len(root.findall(f"{SVG}g")) == 2
    assert root.get("viewBox") == f"0 0 {2 * WIDTH} {HEIGHT}"

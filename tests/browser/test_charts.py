"""The charts of the first page …"""

import pytest

from tests.browser.conftest import Login

# Draws the chart named here anew with other values, as a change of the theme does, and reads its axis.
LABELS_FOR = """async ([name, values]) => {
    const place = document.querySelector(`[aria-labelledby="chart-${name}"] [data-chart]`);
    const drawing = JSON.parse(place.dataset.chart);
    for (const series of drawing.series) {
        series.values = drawing.labels.map((_label, at) => values[at % values.length]);
    }
    place.dataset.chart = JSON.stringify(drawing);
    document.documentElement.classList.toggle("dark");
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    const { scales } = Chart.getChart(place.querySelector("canvas"));
    return (drawing.kind === "bars" ? scales.x : scales.y).ticks.map((tick) => tick.label);
}"""


@pytest.mark.parametrize("name", ["to_paper", "points", "orders"])
@pytest.mark.parametrize(
    "values", [[0.21, 0.33], [0.004, 0.012], [0.9, 1.1], [7, 12], [1], [2500, 90_000]], ids=str
)
def test_have_a_different_label_at_every_step(visit: Login, name: str, values: list[float]) -> None:
    marina = visit("marina", language="ru-RU")
    marina.go("/admin/")
    marina.page.wait_for_function("window.Chart && document.querySelector('[data-chart]:not([hidden])')")

    labels = marina.page.evaluate(LABELS_FOR, [name, values])

    assert len(labels) > 1
    assert len(set(labels)) == len(labels), labels


def test_write_fractions_as_the_language_does(visit: Login) -> None:
    written = {}
    for language in ("ru-RU", "en-GB"):
        marina = visit("marina", language=language)
        marina.go("/admin/")
        marina.page.wait_for_function("window.Chart && document.querySelector('[data-chart]:not([hidden])')")
        written[language] = marina.page.evaluate(LABELS_FOR, ["to_paper", [0.21, 0.33]])[1]

    assert written == {"ru-RU": "0,05", "en-GB": "0.05"}

"""The HTML of a check…"""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from checks.rendering.document.html import render_html, template_version
from checks.rendering.errors import RenderError
from tests.unit.checks.rendering.orders import make_item, make_order

TYPES = ["client", "kitchen"]


def html_of(check_type, **changes):
    return render_html(check_type=check_type, order=make_order(**changes)).html


def test_it_shows_the_client_the_whole_order():
    html = html_of("client")
    for text in (
        "Заказ № 123456",
        "г. Уфа, ул. Ленина, д. 42",
        "Иван",
        "9173332222",
        "Вкусная пицца",
        "2 × 250\u00a0₽",
        "500\u00a0₽",
        "Не менее вкусные роллы",
        "1 × 280\u00a0₽",
        "780\u00a0₽",
    ):
        assert text in html


def test_it_shows_the_kitchen_what_to_cook_and_not_who_eats_it():
    html = html_of("kitchen")
    for text in ("123456", "Вкусная пицца", "250\u00a0₽", "Не менее вкусные роллы", "280\u00a0₽", "780"):
        assert text in html
    for text in ("Иван", "9173332222", "Ленина"):
        assert text not in html


@pytest.mark.parametrize("check_type", TYPES)
def test_it_says_of_a_further_copy_which_one_it_is(check_type):
    original = html_of(check_type)
    copy = render_html(check_type=check_type, order=make_order(), copy=3)

    assert "КОПИЯ 3" in copy.html
    assert "КОПИЯ" not in original
    assert copy.template == render_html(check_type=check_type, order=make_order()).template


@pytest.mark.parametrize("check_type", TYPES)
def test_it_says_so_on_every_sheet(check_type):
    order = make_order(items=[make_item(f"Чай {index}") for index in range(60)])
    html = render_html(check_type=check_type, order=order, copy=2).html

    sheets = html.count('class="columns"')
    assert sheets > 2
    assert html.count("КОПИЯ 2") == sheets


def test_it_tells_the_kitchen_of_several_from_one():
    quantities = re.findall(r'<span class="(\w+)">(\d+)<', html_of("kitchen"))
    assert quantities == [("several", "2"), ("single", "1")]


@pytest.mark.parametrize("check_type", TYPES)
@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "<b>", "&lt;", "'"])
def test_it_escapes_markup(check_type, hostile):
    html = html_of(check_type, items=[make_item(f"до {hostile} после")])
    assert f"до {hostile} после" not in html
    assert re.search(r"до &(lt|gt|quot|amp|#x27);", html)


def test_it_escapes_address_name_and_phone():
    html = html_of("client", address="<i>", client={"name": "<u>", "phone": "<s>"})
    for tag in ("i", "u", "s"):
        assert f"&lt;{tag}&gt;" in html
        assert f"<{tag}>" not in html


@pytest.mark.parametrize("check_type", TYPES)
@pytest.mark.parametrize("syntax", ["{% debug %}", "{{ receipt }}", "{# note #}", '{% include "x" %}'])
def test_it_leaves_template_syntax_alone(check_type, syntax):
    html = html_of(check_type, items=[make_item(syntax)])
    assert syntax.replace('"', "&quot;") in html


@pytest.mark.parametrize("check_type", TYPES)
def test_it_offers_breaks_in_long_words_only(check_type):
    html = html_of(check_type, items=[make_item("<" * 50), make_item("Б" * 40)])
    assert "&lt;" * 8 + "<wbr>" + "&lt;" * 8 in html
    assert "Б" * 40 in html


def test_it_prints_the_phone_as_it_was_sent():
    for phone in (9173332222, "9173430000", "+7 (917) 343-00-00"):
        assert f">{phone}<" in html_of("client", client={"name": "Иван", "phone": phone})


def test_it_explains_a_price_above_the_sum_of_the_items():
    html = html_of("client", price=930)
    assert "Сумма позиций" in html
    assert "+\u00a0150\u00a0₽" in html
    assert "930\u00a0₽" in html


def test_it_explains_a_price_below_the_sum_of_the_items():
    assert "−\u00a0100\u00a0₽" in html_of("client", price=680)


def test_it_explains_nothing_when_the_price_is_the_sum():
    assert "Сумма позиций" not in html_of("client")


def test_it_marks_an_empty_address():
    assert '<td class="text">—</td>' in html_of("client", address=" ")


@pytest.mark.parametrize("text", ["\u200b", "\u202e \u2066", "\u00ad\u00a0"])
def test_it_marks_a_text_without_anything_to_see(text):
    assert '<td class="text">—</td>' in html_of("client", items=[make_item(text)])


def test_it_says_how_much_of_a_text_is_missing():
    html = html_of("kitchen", items=[make_item("Ъ " * 700)])
    assert "Текст сокращён. Не напечатано знаков: 400" in html
    assert html.count("Ъ") == 500


def test_it_prints_a_text_at_the_limit_whole():
    assert "сокращён" not in html_of("client", address="ъ" * 1000, items=[make_item("ы" * 1000)])


def test_it_shortens_address_name_and_phone_alike():
    html = html_of("client", address="а" * 1001, client={"name": "и\n" * 30, "phone": "7" * 9000})
    assert re.findall(r"Не напечатано знаков: (\d+)", html) == ["1", "20", "8000"]


def test_it_shows_every_item_and_number_of_an_order_as_large_as_can_be():
    items = [make_item("&" * 2000, index + 1, 7000 + index) for index in range(500)]
    html = html_of("kitchen", items=items)
    assert len(html) < 1_000_000
    assert re.findall(r'"(?:single|several)">([^<]+)<', html) == [str(index + 1) for index in range(500)]
    assert re.findall(r'each number">(\d+)\u00a0₽<', html) == [str(7000 + index) for index in range(500)]
    assert html.count("&amp;") == 500 * 60


def test_it_replaces_what_cannot_be_printed():
    html = html_of("client", address="дом\x00 \ud83d 1\r\nкв. 2")
    assert "дом\ufffd \ufffd 1\nкв. 2" in html
    html.encode("utf-8")


@pytest.mark.parametrize("check_type", TYPES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_is_russian_in_any_language(check_type, language):
    with translation.override(language):
        html = html_of(check_type, price=12500)
    assert "Итого" in html
    assert "12\u00a0500\u00a0₽" in html


@pytest.mark.parametrize("check_type", TYPES)
def test_it_loads_nothing(check_type):
    html = html_of(check_type)
    assert not re.search(r"url\(|@import|<link|<img|<script|src=|href=|https?:", html)


@pytest.mark.parametrize("check_type", TYPES)
def test_it_ignores_unknown_fields(check_type):
    assert html_of(check_type, comment="острое", items=[make_item("Чай") | {"x": [1]}])


@pytest.mark.parametrize("check_type", TYPES)
def test_it_names_the_template_and_its_version(check_type):
    folder = Path(settings.BASE_DIR) / "templates"
    parts = [
        "copy",
        "cut",
        "running",
        "copy",
        "style",
    ]  # the running line includes the copy's
    names = [f"{check_type}_check.html", *(f"_check_{part}.html" for part in parts)]
    source = "".join((folder / name).read_text("utf-8") for name in names)
    version = hashlib.sha256(source.encode()).hexdigest()[:8]
    document = render_html(check_type=check_type, order=make_order())
    assert document.template == f"{check_type}_check.html@{version}"


def test_it_gives_another_version_to_a_changed_include(tmp_path, settings):
    (tmp_path / "page.html").write_text('a {% include "part.html" %}')
    versions = set()
    for part in ("b", "c"):
        (tmp_path / "part.html").write_text(part)
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
        template_version.cache_clear()
        versions.add(template_version("page.html"))
    template_version.cache_clear()
    assert len(versions) == 2


def test_it_refuses_an_unknown_type_for_good():
    with pytest.raises(RenderError) as caught:
        html_of("courier")
    assert (caught.value.reason, caught.value.permanent) == ("unknown_type", True)


@pytest.mark.parametrize(
    "changes",
    [{"client": None}, {"items": [{}]}, {"price": "Иванов"}, {"items": 7}, {"items": [["Иванов"]]}],
)
def test_it_refuses_what_is_no_order_without_quoting_it(changes):
    with pytest.raises(RenderError) as caught:
        html_of("client", **changes)
    assert (caught.value.reason, caught.value.permanent) == ("bad_order", True)
    assert "Иванов" not in f"{caught.value} {caught.value.detail}"
    assert caught.value.__cause__ is None

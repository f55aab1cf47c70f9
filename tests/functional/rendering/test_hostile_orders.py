"""An order that tries to make the renderer fetch, read or run something …

The renderer is not isolated here: what is tested is that it does not even try.
"""

import io
import unicodedata
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from checks.rendering.document.html import render_html
from checks.rendering.engine import process
from checks.rendering.engine.isolation import OFF
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.errors import RenderError
from checks.rendering.files import pdf_name
from checks.rendering.produce import produce
from tests.functional.rendering.pdfs import joined, read_text
from tests.functional.rendering.watching import Listener, can_trace, listening, trace
from tests.unit.checks.rendering.orders import make_item, make_order

SECRET = "canary5f3a9c"
TYPES = ["client", "kitchen"]
MARKUP = [
    '<img src="URLa.png">',
    '<img src="file://FILE">',
    "<img src=x onerror=\"new Image().src='URL'\">",
    "<script src=URLa.js></script>",
    "<script>document.write('<img src=URL>'); location='URL'</script>",
    "<a href=\"javascript:location='URL'\">нажать</a>",
    '<style>@import "URLa.css"; @import url(file://FILE); body { background: url(URLb.png) }</style>',
    "<style>@font-face { font-family: DejaVu Sans; src: url(URLa.ttf) }</style>",
    "<style>* { display: none }</style>",
    '<link rel=stylesheet href="URLa.css"><link rel=prefetch href="URL">',
    '<iframe src="URL"></iframe>',
    '<iframe src="file://FILE"></iframe>',
    '<iframe src="data:text/html,<img src=URL>"></iframe>',
    "<iframe srcdoc=\"<img src='URL'>\"></iframe>",
    "<frameset><frame src=file://FILE></frameset>",
    '<object data="URLa.svg"></object><object data="file://FILE"></object>',
    '<embed src="URLa.swf"><embed src="file://FILE">',
    '<applet code="URL"></applet><video src="URL" poster="URL"></video><audio src=URL>',
    '<meta http-equiv="refresh" content="0; url=URL">',
    '<meta http-equiv="refresh" content="0; url=file://FILE">',
    '<base href="URL"><img src="a.png">',
    '<form action=URL><input type=image src="URLa.png"></form>',
    '<svg><image xlink:href="URLa.png"/><use xlink:href="file://FILE#a"/></svg>',
    '<?xml-stylesheet href="URLa.css"?><!DOCTYPE a [<!ENTITY e SYSTEM "file://FILE">]><a>&e;</a>',
    '<body background="URLa.png"><td style="background: url(\'URLb.png\')">',
    "</td></tr></table></div></body></html><img src=URLa.png>",
    "--><img src=URLa.png><!--",
    "]]></style></script></title><img src=URLa.png>",
    "&lt;img src=URL&gt; &#60;img src=URL&#62; &amp;lt;img&amp;gt;",
    "<<img src=URL//",
    '" onload="location=\'URL\'" x="',
    "data:text/html;base64,PGltZyBzcmM9VVJMPg==",
    "javascript:location='URL'",
    "file://FILE",
    "URL",
]
SYNTAX = [
    "{{ settings.SECRET_KEY }}{{ receipt }}{{ sheets.0.rows|safe }}",
    "{% include 'FILE' %}{% load static %}{% debug %}{% ssi FILE parsed %}",
    "{# примечание #}{% comment %}",
    "${URL} #{7*7} <%= 7*7 %> %(order)s {0.__class__}",
    "../../../../../../FILE",
    "..\\..\\windows\\win.ini",
    "--enable-local-file-access --allow / --user-style-sheet FILE",
    "-q --run-script 'location=URL' --cookie-jar FILE --post-file a FILE",
    "1.html /tmp/evil.pdf",
    "\n1.html FILE.pdf\n--enable-local-file-access FILE FILE.pdf\nDone\n",
    '"; touch FILE.pdf; echo "$(cat FILE)`cat FILE`',
]


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.html"
    path.write_text(f"<p>{SECRET}</p>")
    return path


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that must have no visitor at the end of the test."""
    with listening() as server:
        yield server
    assert server.visits == 0


@pytest.fixture(scope="module")
def renderer() -> Iterator[LocalRenderer]:
    with closing(LocalRenderer("wkhtmltopdf", 60.0, sandbox=OFF)) as renderer:
        yield renderer


def html_with(text: str, check_type: str) -> str:
    order = make_order(
        items=[make_item("до"), make_item(text, 3, 777), make_item("после")],
        address=text,
        client={"name": text, "phone": text},
    )
    return render_html(check_type=check_type, order=order).html


def squeezed(text: str) -> str:
    """Leave out the white space, and the hyphens at the ends of lines that pdftotext takes away."""
    return joined(text).replace("-", "")


def aimed(text: str, listener: Listener, canary: Path) -> str:
    return text.replace("URL", listener.url).replace("FILE", str(canary))


@pytest.mark.parametrize("check_type", TYPES)
@pytest.mark.parametrize("text", [*MARKUP, *SYNTAX])
def test_it_gets_its_text_on_paper_and_nothing_else(
    renderer: LocalRenderer, listener: Listener, canary: Path, text: str, check_type: str
) -> None:
    text = aimed(text, listener, canary)

    content = renderer.render(html_with(text, check_type))

    shown = squeezed(read_text(content))
    # The client's columns stand beside a long name and come in between.
    assert shown.count(squeezed(text)) >= (3 if check_type == "client" else 1)
    assert "777₽" in shown
    assert shown.index("до") < shown.index("после")
    assert SECRET not in shown
    assert sorted(canary.parent.iterdir()) == [canary]
    assert [page.annotations for page in PdfReader(io.BytesIO(content)).pages if page.annotations] == []


@pytest.mark.parametrize("check_type", TYPES)
def test_it_opens_no_file_that_a_harmless_one_does_not_open(
    listener: Listener, canary: Path, tmp_path: Path, check_type: str
) -> None:
    if not can_trace():
        pytest.skip("NOT TESTED: strace is missing or may not trace on this machine")
    _, harmless = trace(html_with("Пицца «Маргарита» <&> 'a' \"b\"", check_type), tmp_path)
    assert "<folder>/1.html" in {*harmless.opened} | {f"<folder>/{path}" for path in harmless.opened}

    for text in (aimed("\n".join(MARKUP), listener, canary), aimed("\n".join(SYNTAX), listener, canary)):
        texts = text.split("\n")
        order = make_order(items=[make_item(each or "–") for each in texts], address=text)
        content, hostile = trace(render_html(check_type=check_type, order=order).html, tmp_path)

        assert hostile.opened - harmless.opened == set()
        assert hostile.reached == set()
        assert SECRET not in read_text(content)


@pytest.mark.parametrize("protected", [True, False], ids=["with our options", "without them"])
def test_it_would_be_noticed_if_its_markup_were_not_escaped(
    canary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """What the tests above look at sees an attack that succeeds."""
    if not protected:
        monkeypatch.setattr(
            process, "ARGUMENTS", ("--enable-local-file-access", "--load-error-handling", "ignore")
        )
    for text in ('<img src="URLa.png">', '<style>@import "URLa.css";</style>', '<iframe src="URL"></iframe>'):
        with (
            listening() as server,
            closing(LocalRenderer("wkhtmltopdf", 60.0, sandbox=OFF)) as renderer,
            suppress(RenderError),
        ):
            renderer.render(aimed(text, server, canary))
        assert server.visits > 0, text

    if can_trace() and not protected:
        with listening() as server:
            raw = aimed('<iframe src="file://FILE"></iframe><img src="URLa.png">', server, canary)
            content, traces = trace(raw, tmp_path)
        assert str(canary) in traces.opened
        assert traces.reached
        assert SECRET in read_text(content)


@pytest.mark.parametrize("check_type", TYPES)
@pytest.mark.parametrize(
    "text",
    [
        "\u202eсправа\u202c налево",
        "\u2067изолят\u2069 \u200fда",
        "ну\u200bле\u200dва\ufeffя ши\u2060рина",
        "а" + "\u0301" * 500 + "кцент",
        "мяг\u00adкий пере\u00adнос",
        "нуль\x00 и \x1b[31m звонок\x07",
        "половина \ud83d суррогата",
        "\u2028строка\u2029абзац\u0085",
    ],
    ids=[
        "override",
        "isolate",
        "zero width",
        "combining",
        "soft hyphen",
        "control",
        "surrogate",
        "separators",
    ],
)
def test_it_keeps_every_letter_and_the_numbers_beside_it(
    renderer: LocalRenderer, listener: Listener, text: str, check_type: str
) -> None:
    content = renderer.render(html_with(text, check_type))

    shown = unicodedata.normalize("NFKD", joined(read_text(content)))

    for letter in {*unicodedata.normalize("NFKD", text)}:
        if letter.isalpha():
            assert letter in shown
    assert "777₽" in shown
    assert "123456" in shown
    assert "после" in shown


@pytest.mark.parametrize("order_id", ["../../1", "1/../../2", "1\x00", ""])
def test_it_cannot_name_the_file(order_id: Any) -> None:
    with pytest.raises(ValueError, match="format code 'd'"):
        pdf_name(order_id, "client")


def test_it_cannot_name_the_file_by_its_type(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    with pytest.raises(RenderError) as caught:
        produce(order_id=1, check_type="../../client", order=make_order())

    assert caught.value.reason == "unknown_type"
    assert not settings.MEDIA_ROOT.exists()

"""From an order to a stored PDF…"""

import hashlib

import pytest

from checks.rendering.document.html import render_html
from checks.rendering.engine.renderer import reset_renderer
from checks.rendering.errors import RenderError
from checks.rendering.produce import produce
from tests.functional.rendering.pdfs import count_pages, read_text
from tests.support import wkhtmltopdf_server as image
from tests.unit.checks.rendering.orders import make_order


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.WKHTMLTOPDF_URL = ""
    reset_renderer()
    yield tmp_path
    reset_renderer()


def make(check_type="client", **changes):
    return produce(order_id=123456, check_type=check_type, order=make_order(**changes)).store()


@pytest.mark.parametrize("check_type", ["client", "kitchen"])
def test_it_stores_the_file_and_describes_it(media, check_type):
    made = make(check_type)
    content = (media / "pdf" / f"123456_{check_type}.pdf").read_bytes()
    assert made.file == f"pdf/123456_{check_type}.pdf"
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.bytes, made.pages) == (len(content), count_pages(content))
    assert made.renderer == "wkhtmltopdf 0.12.6 (local)"
    assert made.template == render_html(check_type=check_type, order=make_order()).template
    assert made.ms > 0
    assert "Вкусная пицца" in read_text(content)


def test_it_replaces_the_file_when_repeated(media):
    make(address="Старый адрес")
    make(address="Новый адрес")
    [path] = (media / "pdf").iterdir()
    assert "Новый адрес" in read_text(path.read_bytes())


def test_it_works_over_http(settings, media):
    with image.serve() as server:
        settings.WKHTMLTOPDF_URL = server.url
        reset_renderer()
        assert make().renderer == "wkhtmltopdf (http)"
    assert "Вкусная пицца" in read_text((media / "pdf" / "123456_client.pdf").read_bytes())


def test_it_keeps_the_old_file_when_the_new_one_is_broken(settings, media):
    make()
    before = (media / "pdf" / "123456_client.pdf").read_bytes()
    with image.serve(image.truncated) as server:
        settings.WKHTMLTOPDF_URL = server.url
        reset_renderer()
        with pytest.raises(RenderError):
            make(address="Новый адрес")
    [path] = (media / "pdf").iterdir()
    assert path.read_bytes() == before


def test_it_reports_a_storage_that_cannot_be_written(media):
    (media / "pdf").write_text("in the way")
    with pytest.raises(RenderError) as caught:
        make()
    assert (caught.value.reason, caught.value.permanent) == ("storage", False)

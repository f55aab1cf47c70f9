"""The renderer over HTTP, against a server that follows the image's contract…"""

import base64
import socket
import time
from contextlib import closing

import pytest

from checks.rendering.document.html import render_html
from checks.rendering.engine.http import HttpRenderer
from checks.rendering.engine.options import OPTIONS
from checks.rendering.errors import RenderError
from checks.rendering.pdf import inspect_pdf
from tests.functional.rendering.pdfs import read_text
from tests.support import wkhtmltopdf_server as image
from tests.support.helpers import BUSY
from tests.unit.checks.rendering.orders import make_order


def render(url, html="<p>Иван</p>", *, timeout=30.0, max_bytes=1_000_000):
    with closing(HttpRenderer(url, timeout, max_bytes)) as renderer:
        content = renderer.render(html)
    inspect_pdf(content)
    return content


def failure_of(behave, **options):
    with image.serve(behave) as server, pytest.raises(RenderError) as caught:
        render(server.url, **options)
    assert "Иван" not in f"{caught.value} {caught.value.detail}"
    return caught.value.reason, caught.value.permanent


@pytest.mark.parametrize("check_type", ["client", "kitchen"])
def test_it_makes_a_pdf(check_type):
    document = render_html(check_type=check_type, order=make_order())
    with image.serve() as server:
        content = render(server.url, document.html)
    assert "Вкусная пицца" in read_text(content)
    assert inspect_pdf(content).pages == 1


def test_it_sends_what_the_image_takes():
    with image.serve() as server:
        render(server.url, "<p>Чек</p>")
    [(kind, body)] = server.requests
    assert kind == "application/json"
    assert sorted(body) == ["contents", "options"]
    assert base64.b64decode(body["contents"]).decode() == "<p>Чек</p>"
    assert body["options"] == dict(OPTIONS)
    assert body["options"]["javascript-delay"] == "0"
    assert all(isinstance(value, str) for value in body["options"].values())


def test_it_sends_no_option_from_the_order():
    with image.serve() as server:
        for address in ("г. Уфа", '"; reboot; --title "x'):
            order = make_order(address=address)
            render(server.url, render_html(check_type="client", order=order).html)
    first, second = (body["options"] for _, body in server.requests)
    assert first == second


def test_it_keeps_its_connection():
    with image.serve() as server, closing(HttpRenderer(server.url, 30)) as renderer:
        for _ in range(3):
            inspect_pdf(renderer.render("<p>Чек</p>"))
    assert len(server.requests) == 3
    assert len(server.clients) == 1


def test_it_ignores_the_environments_proxies(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("no_proxy", "")
    with image.serve() as server:
        assert render(server.url)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_it_takes_a_servers_fault_for_transient(status):
    assert failure_of(image.error_page(status)) == ("http_error", False)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 415, 204])
def test_it_takes_a_refusal_for_permanent(status):
    assert failure_of(image.error_page(status)) == ("refused", True)


def test_it_follows_no_redirect_with_an_order():
    assert failure_of(image.redirect) == ("refused", True)


@pytest.mark.parametrize("behave", [image.error_page(200), image.truncated, image.empty])
def test_it_has_no_broken_file_taken_for_a_pdf(behave):
    assert failure_of(behave) == ("bad_output", False)


@pytest.mark.parametrize("behave", [image.hang_up, image.cut_off])
def test_it_takes_a_broken_connection_for_transient(behave):
    assert failure_of(behave) == ("unreachable", False)


def test_it_takes_a_closed_port_for_transient():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RenderError) as caught:
        render(f"http://127.0.0.1:{port}/")
    assert (caught.value.reason, caught.value.permanent) == ("unreachable", False)


@pytest.mark.parametrize("behave", [image.drip, image.drip_head])
def test_it_ends_in_time_however_slowly_the_answer_drips(behave):
    started = time.monotonic()
    assert failure_of(behave, timeout=0.3) == ("timeout", False)
    assert time.monotonic() - started < 2 * BUSY


def test_it_works_again_after_a_timeout():
    with image.serve(image.drip) as server, closing(HttpRenderer(server.url, 2.0)) as renderer:
        with pytest.raises(RenderError):
            renderer.render("")
        server.behave = image.error_page(200)
        assert renderer.render("") == image.ERROR_PAGE


def test_it_unpacks_nothing():
    assert failure_of(image.bomb) == ("bad_output", False)


def test_it_stops_at_a_size_limit():
    assert failure_of(image.huge, max_bytes=300_000) == ("too_large", True)

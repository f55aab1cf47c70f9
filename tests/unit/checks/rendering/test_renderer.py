"""The choice of a renderer…"""

import os

import pytest

from checks.rendering.engine.http import HttpRenderer
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.engine.options import ARGUMENTS, OPTIONS
from checks.rendering.engine.renderer import get_renderer, reset_renderer


@pytest.fixture(autouse=True)
def _fresh():
    reset_renderer()
    yield
    reset_renderer()


def test_it_is_http_when_an_address_is_set(settings):
    settings.WKHTMLTOPDF_URL = "http://127.0.0.1:1/"
    assert isinstance(get_renderer(), HttpRenderer)


def test_it_is_the_local_binary_otherwise(settings):
    settings.WKHTMLTOPDF_URL = ""
    assert isinstance(get_renderer(), LocalRenderer)


def test_it_is_made_once_in_a_process():
    assert get_renderer() is get_renderer()


def test_it_is_another_one_after_a_fork():
    parent = get_renderer()
    child = os.fork()
    if child == 0:
        os._exit(0 if get_renderer() is not parent else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert get_renderer() is parent


def test_it_is_made_anew_after_a_reset():
    before = get_renderer()
    reset_renderer()
    assert get_renderer() is not before


def test_it_gives_the_binary_the_options_of_the_image():
    assert ARGUMENTS[:5] == (
        "--javascript-delay",
        "0",
        "--disable-javascript",
        "--disable-local-file-access",
        "--encoding",
    )
    assert "" not in ARGUMENTS
    assert dict(OPTIONS)["page-size"] == "A4"

"""A check that staff have printed again …"""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from checks.services.reprint import reprinter
from foundation.context import Actor
from tests.functional.rendering.pdfs import read_text
from tests.functional.web import Web
from tests.support import wkhtmltopdf_server as image
from tests.support.helpers import types_of

KEYS = ["key1", "key2"]


def take(api: Client, key: str) -> tuple[int, bytes]:
    """Do what a printer does: poll, download the one check that is listed, confirm; return its PDF."""
    ((check_id,),) = [each.values() for each in api.get("/new_checks/", {"api_key": key}).json()["checks"]]
    response: Any = api.get("/check/", {"api_key": key, "check_id": check_id})
    assert response.headers["Content-Disposition"].startswith('inline; filename="123456_')
    content = b"".join(response.streaming_content)
    assert api.post("/check/printed/", {"api_key": key, "check_id": check_id}).status_code == 200
    return check_id, content


@pytest.fixture
def rendered(post_order: Any, run_jobs: Callable[[], None], order: Any) -> None:
    assert post_order(order).status_code == 200
    run_jobs()


@pytest.fixture(params=["local", "http"])
def renderer(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """The binary on this machine, or behind HTTP as docker-compose has it."""
    if request.param == "local":
        yield "local"
        return
    with image.serve() as server:
        settings.WKHTMLTOPDF_URL = server.url
        yield "http"


@pytest.mark.parametrize("key", KEYS)
def test_it_is_listed_and_downloaded_as_a_copy_by_the_same_clients(
    rendered: None, renderer: str, api: Client, staff: Actor, key: str, settings: Any
) -> None:
    check_id, original = take(api, key)
    assert "КОПИЯ" not in read_text(original)

    for number in (2, 3):
        with reprinter() as someone:
            check, unmarked = someone.reprint(
                check_id=check_id, reason="промок", actor=staff, now=timezone.now()
            )
        listed, copy = take(api, key)

        assert (listed, unmarked) == (check_id, "")
        assert read_text(copy).split()[:2] == ["КОПИЯ", str(number)]
        assert "Вкусная пицца" in " ".join(read_text(copy).split())
        assert copy == (Path(settings.MEDIA_ROOT) / str(check.pdf_file.name)).read_bytes()
    call_command("verify_events", "--quiet", stdout=StringIO())
    call_command("verify_documents", "--quiet", stdout=StringIO())


@pytest.mark.parametrize(
    ("behave", "reason"), [(image.error_page(500), "http_error"), (image.drip, "timeout")]
)
def test_it_is_printed_without_a_mark_while_the_renderer_is_away(
    rendered: None, api: Client, staff: Actor, settings: Any, behave: Any, reason: str
) -> None:
    settings.RENDER_TIMEOUT_SECONDS = 1
    check_id, original = take(api, "key1")

    with image.serve(behave) as server:
        settings.WKHTMLTOPDF_URL = server.url
        with reprinter() as someone:
            check, unmarked = someone.reprint(check_id=check_id, reason="x", actor=staff, now=timezone.now())

    assert unmarked == reason
    assert take(api, "key1") == (check_id, original)
    assert types_of(check)[-3:] == ["reprinted", "downloaded", "printed"]


# --- In the web process ----------------------------------------------------------------------------------


def renderers_of(web: Web) -> list[str]:
    """Return what runs below the web process beside Python: the renderer and what isolates it."""
    names = [each.name() for each in psutil.Process(web.pid).children(recursive=True)]
    return [name for name in names if not name.startswith("python")]


def reprint_in(web: Web, check: Check, client: Client) -> None:
    """Fill in the form as a browser does."""
    session = requests.Session()
    session.cookies.set("sessionid", client.cookies["sessionid"].value)
    form = f"http://127.0.0.1:{web.port}/admin/checks/check/{check.pk}/act/reprint/"
    assert session.get(form, timeout=20).status_code == 200
    sent = {"reason": "промок", "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    answer = session.post(form, sent, timeout=20, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"][-3:]) == (302, "#v4")


@pytest.mark.django_db(transaction=True)
def test_it_leaves_no_renderer_behind_in_the_web_process(
    rendered: None, web: Web, admin_user: Any, staff: Actor, settings: Any
) -> None:
    check = Check.objects.get(type="client")
    services.mark_printed(check_id=check.pk, actor=staff, now=timezone.now())
    client = Client()
    client.force_login(admin_user)
    before = renderers_of(web)

    reprint_in(web, check, client)

    check.refresh_from_db()
    assert check.pdf_file.name == f"pdf/123456_client_{check.pk}_copy2.pdf"
    assert read_text((Path(settings.MEDIA_ROOT) / str(check.pdf_file.name)).read_bytes()).split()[:2] == [
        "КОПИЯ",
        "2",
    ]
    assert renderers_of(web) == before == []

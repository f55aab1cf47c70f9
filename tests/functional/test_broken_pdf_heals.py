"""A PDF that was lost or broken on the disk …"""

from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from checks import services
from checks.models import Check
from checks.rendering.pdf import inspect_pdf
from foundation.context import Actor
from tests.support.helpers import types_of

HOW: dict[str, Callable[[Path], Any]] = {
    "lost": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-200]),
    "overwritten": lambda path: path.write_bytes(path.read_bytes() + b"more"),
}


@pytest.fixture
def checks_of(
    post_order: Any, run_jobs: Callable[[], None], order: dict[str, Any]
) -> Callable[[int], list[Check]]:
    """Post the order at a point and render its checks."""

    def make(point_id: int) -> list[Check]:
        assert post_order(order | {"point_id": point_id}).status_code == 200
        run_jobs()
        return list(Check.objects.order_by("id"))

    return make


@pytest.fixture
def heal(
    staff: Actor, run_jobs: Callable[[], None], django_capture_on_commit_callbacks: Any
) -> Callable[[Check], None]:
    """Do what support staff do: mark the check as failed and have it rendered again."""

    def act(check: Check) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            services.mark_failed(check_id=check.pk, reason="lost", actor=staff, now=timezone.now())
            services.retry_check(check_id=check.pk, reason="lost", actor=staff, now=timezone.now())
        run_jobs()

    return act


def ask(api: Client, check: Check) -> tuple[int, Any]:
    response = api.get("/check/", {"api_key": check.printer.api_key, "check_id": check.pk})
    if response.status_code == 200:
        return 200, b"".join(response.streaming_content)
    return response.status_code, response.json()["code"]


def path_of(check: Check, settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT) / str(check.pdf_file.name)


def audit() -> list[str]:
    """Return what verify_documents says, the problems first and then the sum."""
    said = StringIO()
    with suppress(SystemExit):
        call_command("verify_documents", "--quiet", stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.parametrize("how", HOW)
def test_it_is_never_served_and_can_be_rendered_again(
    api: Client, checks_of: Any, heal: Callable[[Check], None], settings: Any, how: str
) -> None:
    check = checks_of(1)[0]
    HOW[how](path_of(check, settings))

    assert ask(api, check) == (500, "document_missing")
    assert types_of(check) == ["created", "rendered"]
    assert audit()[0].startswith(f"check {check.pk}: pdf/123456_kitchen.pdf: ")

    heal(check)

    status, content = ask(api, check)
    assert status == 200
    assert inspect_pdf(content).pages == 1
    assert types_of(check)[2:] == ["failed", "retried", "rendered", "downloaded"]
    assert audit() == ["2 PDFs, 0 missing or not as they were recorded."]
    call_command("verify_events", "--quiet", stdout=StringIO())


def test_it_is_not_served_again_once_it_was_printed(api: Client, checks_of: Any, settings: Any) -> None:
    check = checks_of(1)[0]
    assert ask(api, check)[0] == 200
    HOW["truncated"](path_of(check, settings))

    assert ask(api, check) == (500, "document_missing")


def test_it_is_found_by_its_hash_when_it_kept_its_size(checks_of: Any, settings: Any) -> None:
    path = path_of(checks_of(1)[0], settings)
    content = path.read_bytes()
    path.write_bytes(content[:-100] + b"x" + content[-99:])

    assert audit()[0].endswith("pdf/123456_kitchen.pdf: altered")
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_documents", "--quiet", stdout=StringIO())


def test_it_is_rendered_again_for_each_check_that_shares_it(
    api: Client, checks_of: Any, heal: Callable[[Check], None], settings: Any
) -> None:
    """The first is rendered anew, the second takes what the first has then."""
    hot, cold, _ = checks_of(2)
    assert hot.pdf_file == cold.pdf_file
    HOW["truncated"](path_of(hot, settings))

    heal(hot)
    healed = path_of(hot, settings).read_bytes()
    heal(cold)

    assert ask(api, hot) == ask(api, cold) == (200, healed)
    assert audit() == ["3 PDFs, 0 missing or not as they were recorded."]


def test_it_is_not_handed_to_the_server_in_front(api: Client, checks_of: Any, settings: Any) -> None:
    settings.X_ACCEL_PREFIX = "/media/"
    check = checks_of(1)[0]
    HOW["emptied"](path_of(check, settings))

    assert ask(api, check) == (500, "document_missing")

"""An order becomes paper: posted, rendered by the real wkhtmltopdf, listed, downloaded and confirmed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from events.models import Event
from tests.functional.rendering.pdfs import read_text

KEYS = {"kitchen": "key1", "client": "key2"}


def download(api: Client, key: str) -> tuple[int, bytes]:
    """Take the one check that waits for this printer, and return its id and PDF."""
    (listed,) = api.get("/new_checks/", {"api_key": key}).json()["checks"]
    response = api.get("/check/", {"api_key": key, "check_id": listed["id"]})
    assert response.headers["Content-Type"] == "application/pdf"
    return listed["id"], b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def rendered(post_order: Callable[..., Any], run_jobs: Callable[[], None], order: Any) -> Any:
    """The answer to the example order, after the workers have done their part."""
    response = post_order(json.dumps(order))
    assert response.status_code == 200
    run_jobs()
    return response.json()


def test_it_prints_every_name_quantity_and_price(rendered: Any, api: Client, tmp_path: Path) -> None:
    for check_type, key in KEYS.items():
        _, pdf = download(api, key)

        text = " ".join(read_text(pdf).split())
        for expected in ("123456", "Вкусная пицца", "Не менее вкусные роллы", "250", "280", "780"):
            assert expected in text, (check_type, expected)
    for expected in ("г. Уфа, ул. Ленина, д. 42", "Иван", "9173332222"):
        assert expected in text


def test_it_leaves_two_streams_from_created_to_printed(rendered: Any, api: Client) -> None:
    for key in KEYS.values():
        check_id, _ = download(api, key)
        answer = api.post(
            "/check/printed/", {"check_id": check_id}, headers={"Authorization": f"Api-Key {key}"}
        )
        assert answer.status_code == 200

    for check in rendered["checks"]:
        events = Event.objects.filter(stream_id=check["id"]).order_by("version")
        assert [event.type for event in events] == ["created", "rendered", "downloaded", "printed"]
    call_command("verify_events", quiet=True)


def test_it_names_the_files_after_order_and_type(rendered: Any, settings: Any) -> None:
    names = sorted(path.name for path in (settings.MEDIA_ROOT / "pdf").iterdir())

    assert names == ["123456_client.pdf", "123456_kitchen.pdf"]


def test_it_carries_one_request_from_the_order_to_the_worker(rendered: Any) -> None:
    requests = Event.objects.filter(type__in=["created", "rendered"]).values("correlation_id")

    assert requests.distinct().count() == 1


def test_it_gives_the_same_bytes_however_often_they_are_asked_for(rendered: Any, api: Client) -> None:
    check_id, first = download(api, "key1")

    response = api.get("/check/", {"api_key": "key1", "check_id": check_id})

    assert b"".join(response.streaming_content) == first  # type: ignore[attr-defined]


def test_it_tells_the_order_system_how_far_it_is(rendered: Any, api: Client) -> None:
    download(api, "key2")

    checks = api.get("/order_checks/", {"order_id": 123456}).json()["checks"]

    assert [(check["status"], check["version"]) for check in checks] == [("rendered", 2), ("rendered", 3)]

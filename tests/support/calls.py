"""What the tests of the six calls have in common."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checks.models import Check
from events.log.streams import timeline
from events.models import Event

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def answer_of(response: Any, status: int = 200) -> Any:
    """Return the JSON of an answer with this status."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == JSON
    return json.loads(response.content)


def refusal_of(response: Any, status: int) -> dict[str, Any]:
    """Return the body of a refusal that has this status and the contract's shape, and speaks Russian."""
    body: dict[str, Any] = answer_of(response, status)
    assert set(body) <= {"error", "code", "details"}
    assert isinstance(body["error"], str)
    assert re.search("[а-яё]", body["error"]), body
    assert "Traceback" not in body["error"]
    return body


def download(api: Any, api_key: str, check: Check, **headers: str) -> bytes:
    """Return the bytes that this printer gets."""
    response = api.get("/check/", {"api_key": api_key, "check_id": check.pk}, headers=headers)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def listed(api: Any, api_key: str) -> list[int]:
    """Return the ids that this printer's poll lists."""
    return [each["id"] for each in answer_of(api.get("/new_checks/", {"api_key": api_key}))["checks"]]


def log_of(check: Check) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the events of a check: type, actor, data."""
    return list(timeline(check.pk).values_list("type", "actor", "data"))


def status_of(check: Check) -> str:
    return Check.objects.values_list("status", flat=True).get(pk=check.pk)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if a check, an event or a history record is another after the block than before."""
    before = _everything()
    yield
    assert _everything() == before


def _everything() -> list[list[Any]]:
    return [
        list(Check.objects.order_by("id").values()),
        list(Event.objects.order_by("id").values_list("id", flat=True)),
        list(Check.history.order_by("history_id").values_list("history_id", flat=True)),
    ]

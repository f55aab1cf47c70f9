"""What the tests of the six calls have in common."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checks.models import Check
from events import selectors
from events.models import Event


def answer_of(response: Any) -> Any:
    """Return the JSON of an answer that says that it is JSON."""
    assert response.headers["Content-Type"] == "application/json", response.content
    return json.loads(response.content)


def refusal_of(response: Any, status: int) -> dict[str, Any]:
    """Return the body of a refusal that has this status and the contract's shape, and speaks Russian."""
    body: dict[str, Any] = answer_of(response)
    assert response.status_code == status, body
    assert set(body) <= {"error", "code", "details"}
    assert isinstance(body["error"], str)
    assert re.search("[а-яё]", body["error"]), body
    assert "Traceback" not in body["error"]
    return body


def log_of(check: Check) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the events of a check: type, actor, data."""
    return list(selectors.timeline(check.pk).values_list("type", "actor", "data"))


def types_of(check: Check) -> list[str]:
    return list(selectors.timeline(check.pk).values_list("type", flat=True))


def last_event(check: Check) -> tuple[str, str, dict[str, Any]]:
    return log_of(check)[-1]


def status_of(check: Check) -> str:
    return Check.objects.values_list("status", flat=True).get(pk=check.pk)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if a check, an event or a history record is another after the block than before."""
    before = _everything()
    yield
    assert _everything() == before


def _everything() -> list[list[dict[str, Any]]]:
    return [
        list(Check.objects.order_by("id").values()),
        list(Event.objects.order_by("id").values("id")),
        list(Check.history.order_by("history_id").values()),
    ]

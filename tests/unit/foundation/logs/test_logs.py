"""A log line …"""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

import pytest

from foundation.context import correlation
from foundation.logs import formats as logs

REQUEST = UUID("7b0c9c1e-6f3a-4b5d-8e2f-0a1b2c3d4e5f")


class Written:
    """What a logger with one of our formatters wrote."""

    def __init__(self, form: str) -> None:
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        options = dict(logs.FORMATTERS[form])
        kind = {"json": logs.ObjectFormatter, "line": logs.LineFormatter}[form]
        options.pop("()")
        handler.setFormatter(kind(**{"fmt" if key == "format" else key: v for key, v in options.items()}))
        self.logger = logging.Logger("checks.test")
        self.logger.addHandler(handler)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def object(self) -> dict[str, Any]:
        (line,) = self.text.splitlines()
        parsed: dict[str, Any] = json.loads(line)
        return parsed


@pytest.fixture
def objects() -> Written:
    return Written("json")


@pytest.fixture(params=["json", "line"])
def either(request: Any) -> Written:
    return Written(request.param)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave the configuration of logging as the tests have it."""
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_it_is_one_object_with_its_request(objects: Written) -> None:
    before = datetime.now(timezone.utc)
    with correlation(REQUEST):
        objects.logger.warning("Чек %s,\nстрока два", 7)

    line = objects.object
    moment = datetime.fromisoformat(line.pop("time").replace("Z", "+00:00"))
    assert abs((moment - before).total_seconds()) < 5
    assert line.pop("pid") > 0
    assert line == {
        "level": "WARNING",
        "logger": "checks.test",
        "message": "Чек 7,\nстрока два",
        "correlation_id": str(REQUEST),
    }


def test_it_has_no_request_outside_of_any(objects: Written) -> None:
    objects.logger.info("quiet")

    assert "correlation_id" not in objects.object


def test_it_holds_the_traceback(objects: Written) -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        objects.logger.exception("failed")

    line = objects.object
    assert line["message"] == "failed"
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: wrong")


def test_it_leaves_out_what_else_a_record_carries(objects: Written) -> None:
    """Django gives its records the request, whose repr has the query."""
    objects.logger.warning("Bad Request: /check/", extra={"request": "<GET '/check/?api_key=abc'>"})

    assert set(objects.object) == {"time", "level", "logger", "message", "pid"}


@pytest.mark.parametrize(
    "message",
    [
        "GET /check/?api_key=s3cret&check_id=1",
        "POST body api_key=s3cret",
        "Authorization: Api-Key s3cret",
        "Authorization: Bearer s3cret",
        "redis://user:s3cret@host:6379/0 refused",
        "host=db password=s3cret user=forfar",
        'null value in column "type"\nDETAIL:  Failing row contains (1, {"client": {"name": "s3cret"}}).',
        'duplicate key\nDETAIL:  Key (api_key)=(s3cret) already exists.\nCONTEXT: COPY, line 1: "s3cret"',
    ],
)
def test_it_keeps_secrets(either: Written, message: str) -> None:
    either.logger.error("%s", message)
    try:
        raise ValueError(message)
    except ValueError:
        either.logger.exception("failed")

    assert "s3cret" not in either.text
    assert "***" in either.text or "(left out)" in either.text


def test_it_keeps_what_is_no_secret(either: Written) -> None:
    either.logger.info("Enqueued the render of order 12, kitchen: http://127.0.0.1:8080/ is up")

    assert "order 12, kitchen: http://127.0.0.1:8080/ is up" in either.text


def test_it_comes_from_every_logger_through_one_handler(capsys: Any) -> None:
    logging.config.dictConfig(logs.configuration(form="json", level="INFO"))
    for name in (
        "django.request",
        "django.server",
        "rq.worker",
        "rq.cron",
        "gunicorn.error",
        "checks",
    ):
        logging.getLogger(name).error("said")

    lines = [json.loads(line)["logger"] for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == len(set(lines)) == 6

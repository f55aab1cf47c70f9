"""The access log …"""

import logging
from typing import Any

import pytest
from django.test import Client

from foundation.logs.formats import ACCESS, ObjectFormatter


@pytest.fixture
def lines(caplog: Any) -> Any:
    caplog.set_level(logging.INFO, logger=ACCESS)
    return lambda: [record for record in caplog.records if record.name == ACCESS]


def test_it_has_a_line_for_a_request_with_its_id_and_without_its_key(
    api: Client, printers: Any, lines: Any, caplog: Any
) -> None:
    response = api.get("/new_checks/", {"api_key": "key1"})

    (line,) = lines()
    assert line.access["method"] == "GET"
    assert line.access["path"] == "/new_checks/"
    assert line.access["status"] == 200
    assert line.access["address"] == "127.0.0.1"
    assert line.access["ms"] > 0
    assert response.headers["X-Request-ID"]
    assert "key1" not in caplog.text + "".join(ObjectFormatter().format(each) for each in caplog.records)


def test_it_is_written_within_the_request(api: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(ObjectFormatter().format(record))  # type: ignore[method-assign]
    logging.getLogger(ACCESS).addHandler(handler)
    try:
        response = api.get("/new_checks/")
    finally:
        logging.getLogger(ACCESS).removeHandler(handler)

    assert len(seen) == 1
    assert f'"correlation_id": "{response.headers["X-Request-ID"]}"' in seen[0]
    assert '"status": 401' in seen[0]

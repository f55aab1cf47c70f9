"""script/server ends with one sentence, and leaves nothing running, when at its start …"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.server.processes import marked
from tests.faults.served import Served


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def refusal(folder: Path, **variables: str) -> str:
    """Start it, and return what it says last."""
    served = Served(folder, **variables)
    with pytest.raises(AssertionError):
        served.start()
    assert served.process.wait(30) == 1
    assert marked("FORFAR_DATA_DIR", str(served.data.root)) == []
    return served.says()


def test_its_port_is_taken(tmp_path: Path, taken_port: str) -> None:
    said = refusal(tmp_path, PORT=taken_port)

    assert said == (
        f"127.0.0.1, port {taken_port}, cannot be used (Address already in use): "
        "set PORT to a free one, or BIND to an address of this machine.\n"
    )


def test_a_setting_is_wrong(tmp_path: Path) -> None:
    said = refusal(tmp_path, LEASE_SECONDS="never")

    assert "LEASE_SECONDS" in said
    assert "Traceback" not in said


@pytest.mark.thorough
def test_the_web_server_does_not_start(tmp_path: Path) -> None:
    said = refusal(tmp_path, WEB_CONCURRENCY="many")

    assert "web ended while starting (code 2); the end of " in said
    assert "'many' is not a valid integer" in said


@pytest.mark.thorough
def test_a_background_process_does_not_start(tmp_path: Path) -> None:
    said = refusal(tmp_path, WEBHOOK_WORKERS="many")

    assert "webhooks exited with code 2. It starts again in 0.5 s" in said
    assert "webhooks ended while starting (code 2); the end of " in said
    assert "argument --workers: invalid int value: 'many'" in said

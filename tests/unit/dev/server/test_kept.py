"""A process that is kept running …"""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from dev.server import kept
from dev.server.kept import KeptProcess, Pauses, end_in_words


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the process is told; tests set its only item."""
    now = [1000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])
    return now


class Spawner:
    """Starts processes that end at once, or fails to."""

    def __init__(self) -> None:
        self.count = 0
        self.error: OSError | None = None

    def __call__(self) -> "subprocess.Popen[bytes]":
        if self.error:
            raise self.error
        self.count += 1
        process = subprocess.Popen(["false"])
        process.wait()
        return process


def test_it_pauses_longer_after_each_failure_up_to_a_limit() -> None:
    pauses = Pauses()

    assert [pauses.after(1.0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_it_pauses_briefly_again_after_a_healthy_run() -> None:
    pauses = Pauses()
    for _ in range(8):
        pauses.after(1.0)

    assert pauses.after(60.0) == 0.5


def test_it_starts_again_when_its_pause_is_over(clock: list[float], tmp_path: Path, capsys: Any) -> None:
    spawn = Spawner()
    process = KeptProcess("cron", tmp_path / "cron.log", spawn)

    process.revive()
    clock[0] += 0.4
    process.revive()
    assert spawn.count == 1
    clock[0] += 0.2
    process.revive()

    assert (spawn.count, process.restarts) == (2, 1)
    log = tmp_path / "cron.log"
    assert capsys.readouterr().out == (
        f"cron exited with code 1. It starts again in 0.5 s; its log is {log}.\n"
    )


def test_it_tries_again_when_it_could_not_be_started(clock: list[float], tmp_path: Path, capsys: Any) -> None:
    spawn = Spawner()
    process = KeptProcess("redis", tmp_path / "redis.log", spawn)
    spawn.error = OSError(28, "No space left on device")

    for _ in range(3):
        process.revive()
        clock[0] += 1
    spawn.error = None
    clock[0] += 60
    process.revive()

    assert spawn.count == 2
    assert "redis could not be started (No space left on device)." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exited with code 0"),
        (3, "exited with code 3"),
        (-9, "was killed by SIGKILL"),
        (143, "was killed by SIGTERM"),
        (255, "exited with code 255"),
    ],
)
def test_it_says_how_it_ended(code: int, words: str) -> None:
    assert end_in_words(code) == words

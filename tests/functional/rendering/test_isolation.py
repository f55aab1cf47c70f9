"""The renderer's process …"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from checks.rendering import system_checks
from checks.rendering.engine import isolation, limits
from checks.rendering.engine.isolation import AUTO, OFF, ON, WAYS, Way
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.errors import RenderError
from checks.rendering.pdf import inspect_pdf
from forfar import health
from tests.functional.rendering.processes import is_gone

BINARY = "/usr/bin/wkhtmltopdf"
BUBBLEWRAP = WAYS[0]
WORKING = [way for way in WAYS if isolation._works(way, BINARY)]


@pytest.fixture(autouse=True)
def _ask_again() -> Iterator[None]:
    isolation._known_ways.reset()
    yield
    isolation._known_ways.reset()


@pytest.fixture(params=WAYS, ids=["bubblewrap", "unshare", "unshare in a user namespace"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Way:
    """Each way by itself."""
    if request.param not in WORKING:
        pytest.skip(f"NOT TESTED: this machine cannot isolate with {request.param.name}")
    monkeypatch.setattr(isolation, "WAYS", (request.param,))
    return request.param


@pytest.fixture
def no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that isolates nothing."""
    monkeypatch.setattr(isolation, "WAYS", (Way("nothing", lambda *_: ["false"]),))


@pytest.fixture
def make_renderer() -> Iterator[Callable[..., LocalRenderer]]:
    made: list[LocalRenderer] = []

    def make(sandbox: str = ON, binary: str = "wkhtmltopdf") -> LocalRenderer:
        made.append(LocalRenderer(binary, 20.0, sandbox=sandbox))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.fixture
def spy(tmp_path: Path, make_renderer: Callable[..., LocalRenderer]) -> Callable[[str, str], bytes]:
    """Run the commands where the renderer runs, and give what they say."""

    def run(commands: str, sandbox: str = ON) -> bytes:
        binary = tmp_path / "wkhtmltopdf"
        binary.write_text(
            "#!/bin/bash\nwhile read -r source target; do\n"
            f'( {commands} ) &> "$target"\necho Done >&2\ndone\n'
        )
        binary.chmod(0o755)
        return make_renderer(sandbox, str(binary)).render("")

    return run


def processes_of(renderer: LocalRenderer) -> list[psutil.Process]:
    assert renderer._process is not None
    first = psutil.Process(renderer._process._process.pid)
    return [first, *first.children(recursive=True)]


def test_it_makes_documents_in_isolation(way: Way, make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer()

    for _ in range(3):
        assert inspect_pdf(renderer.render("<p>Чек</p>")).pages == 1

    binary = processes_of(renderer)[-1]
    assert binary.name() == "wkhtmltopdf"
    assert Path(f"/proc/{binary.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_it_has_no_network(way: Way, spy: Callable[..., bytes]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        attempt = f"exec 3<>/dev/tcp/127.0.0.1/{listener.getsockname()[1]} && echo connected"

        assert b"connected" not in spy(attempt)
        with pytest.raises(TimeoutError):
            listener.accept()

        assert b"connected" in spy(attempt, OFF)  # the attempt itself is sound
        listener.accept()[0].close()


def test_it_sees_no_file_that_it_does_not_need(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spy: Callable[..., bytes]
) -> None:
    if BUBBLEWRAP not in WORKING:
        pytest.skip("NOT TESTED: bubblewrap does not work on this machine")
    monkeypatch.setattr(isolation, "WAYS", (BUBBLEWRAP,))
    (tmp_path / "canary").write_text("secret")

    assert b"secret" not in spy(f"cat {tmp_path}/canary")
    assert b"secret" in spy(f"cat {tmp_path}/canary", OFF)
    assert {*spy("ls /").decode().split()} <= {
        *["bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "sbin", "tmp", "usr", "var"]
    }
    assert {*spy("ls /etc").decode().split()} <= {"fonts", "ld.so.cache"}
    assert b"Read-only" in spy("touch /usr/x")


def test_it_sees_only_its_own_processes(monkeypatch: pytest.MonkeyPatch, spy: Callable[..., bytes]) -> None:
    if BUBBLEWRAP not in WORKING:
        pytest.skip("NOT TESTED: bubblewrap does not work on this machine")
    monkeypatch.setattr(isolation, "WAYS", (BUBBLEWRAP,))

    assert len(spy("ls -d /proc/[0-9]*").split()) < 8
    assert f"/proc/{os.getpid()}".encode() not in spy("ls -d /proc/[0-9]*").split()


def test_it_has_none_of_our_environment(
    way: Way, monkeypatch: pytest.MonkeyPatch, spy: Callable[..., bytes]
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")

    said = spy("env")

    assert b"canary" not in said
    names = {line.split("=")[0] for line in said.decode().splitlines()}
    assert names <= {
        "PATH",
        "HOME",
        "TMPDIR",
        "XDG_RUNTIME_DIR",
        "LANG",
        "CUPS_SERVER",
        "PWD",
        "SHLVL",
        "_",
        "OLDPWD",
    }


def test_it_has_limits(way: Way, make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer()
    renderer.render("<p>Чек</p>")
    binary = processes_of(renderer)[-1]

    for kind, wanted in limits._LIMITS.values():
        assert binary.rlimit(kind) == (limits._possible(kind, wanted),) * 2


@pytest.mark.parametrize(
    "greed",
    [
        "head -c 100M /dev/zero > big",
        "python3 -c 'x = bytearray(3 << 30)' || perl -e '$x = \"x\" x (3 << 30)' || exit 1",
        'for i in $(seq 10 400); do eval "exec $i< /dev/null" || exit 1; done',
    ],
    ids=["file", "memory", "descriptors"],
)
def test_it_is_stopped_at_its_limits(greed: str, spy: Callable[..., bytes]) -> None:
    assert b"more than it may" not in spy(f"( {greed} ) && echo more than it may", AUTO)


def test_it_is_ended_with_all_that_it_started(way: Way, make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer()
    renderer.render("<p>Чек</p>")
    processes = processes_of(renderer)

    renderer.close()

    assert all(is_gone(process.pid) for process in processes)


def test_it_does_not_start_where_isolation_is_demanded_and_impossible(
    no_way: None, make_renderer: Callable[..., LocalRenderer]
) -> None:
    with pytest.raises(RenderError) as caught:
        make_renderer(ON).render("<p>Чек</p>")

    assert (caught.value.reason, caught.value.permanent) == ("not_isolated", False)


def test_it_starts_without_isolation_and_says_so(
    no_way: None, make_renderer: Callable[..., LocalRenderer], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        assert inspect_pdf(make_renderer(AUTO).render("<p>Чек</p>"))

    assert [record.levelname for record in caplog.records if "not isolated" in record.message] == ["WARNING"]


def test_it_says_once_how_it_is_isolated(
    way: Way, make_renderer: Callable[..., LocalRenderer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        make_renderer(AUTO).render("<p>Чек</p>")

    assert [record.message for record in caplog.records].count(f"The renderer is isolated: {way.name}.") == 1


def test_it_is_reported_by_the_checks_for_a_deployment(no_way: None, settings: Any) -> None:
    for sandbox, code in (
        (AUTO, "checks.W002"),
        (ON, "checks.E001"),
        (OFF, "checks.W001"),
    ):
        settings.RENDER_SANDBOX = sandbox
        [message] = system_checks.check_isolation()
        assert message.id == code

    settings.WKHTMLTOPDF_URL = "http://127.0.0.1:1/"
    assert system_checks.check_isolation() == []


def test_it_counts_as_missing_where_isolation_is_demanded_and_impossible(no_way: None, settings: Any) -> None:
    settings.RENDER_SANDBOX = ON
    assert not health._renderer()
    settings.RENDER_SANDBOX = AUTO
    assert health._renderer()


def test_it_gives_the_checks_nothing_to_say_where_it_is_isolated(way: Way, settings: Any) -> None:
    assert system_checks.check_isolation() == []


@pytest.mark.parametrize(("pause", "asked_again"), [(0, True), (60, False)])
def test_it_asks_a_machine_again_that_was_short_of_processes(
    monkeypatch: pytest.MonkeyPatch, pause: int, asked_again: bool
) -> None:
    monkeypatch.setattr(isolation, "_SECONDS_WITHOUT_A_WAY", pause)
    with monkeypatch.context() as short_of_processes:
        short_of_processes.setattr(isolation, "_output", lambda *_: None)
        assert isolation.find_way(BINARY) is None

    assert (isolation.find_way(BINARY) in WORKING) is asked_again

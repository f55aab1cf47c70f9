"""The local renderer …"""

import errno
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from checks.rendering.engine.isolation import OFF
from checks.rendering.engine.local import LocalRenderer
from checks.rendering.errors import RenderError
from checks.rendering.pdf import inspect_pdf
from tests.functional.rendering.pdfs import joined, read_text
from tests.functional.rendering.processes import is_gone
from tests.support.helpers import BUSY, within
from tests.support.profiles import examples

ENDLESS = "<div>" * 200_000  # WebKit takes minutes over it


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, so that what is left behind can be seen."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def make_renderer() -> Iterator[Callable[..., LocalRenderer]]:
    """Make renderers that are closed, and have ended their processes, at the end of the test."""
    made: list[LocalRenderer] = []
    before = psutil.Process().children()  # a whole service may be running beside us

    def make(binary: str = "wkhtmltopdf", timeout: float = 20.0, **options: Any) -> LocalRenderer:
        made.append(LocalRenderer(binary, timeout, **options))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()
    ours = [child for child in psutil.Process().children() if child not in before]
    family = [each for child in ours for each in [child, *child.children(recursive=True)]]
    assert not [each for each in family if each.name() == "wkhtmltopdf"]


@pytest.fixture
def fake(tmp_path: Path, make_renderer: Callable[..., LocalRenderer]) -> Callable[..., LocalRenderer]:
    """Make a renderer whose binary runs `script` for each document, with $source and $target set."""

    def make(script: str, timeout: float = 10.0, sandbox: str = OFF) -> LocalRenderer:
        binary = tmp_path / "wkhtmltopdf"
        binary.write_text(f"#!/bin/bash\nwhile read -r source target; do\n{script}\ndone\n")
        binary.chmod(0o755)
        return make_renderer(str(binary), timeout, sandbox=sandbox)

    return make


def fail(renderer: LocalRenderer, html: str = "<p>Иван</p>") -> RenderError:
    with pytest.raises(RenderError) as caught:
        renderer.render(html)
    assert "Иван" not in f"{caught.value} {caught.value.detail}"
    return caught.value


def process_of(renderer: LocalRenderer) -> psutil.Process:
    """Return the binary's own process, which may be a descendant of the one that isolates it."""
    assert renderer._process is not None
    first = psutil.Process(renderer._process._process.pid)
    return [first, *first.children(recursive=True)][-1]


def test_it_makes_document_after_document_in_one_process(make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer()

    for number in range(5):
        pdf = renderer.render(f"<p>Чек {number}</p>")
        assert inspect_pdf(pdf).pages == 1
        assert joined(read_text(pdf)) == f"Чек{number}"
        if number == 0:
            process = process_of(renderer)

    assert process_of(renderer) == process


def test_it_replaces_its_process_after_so_many_documents(make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer(documents_per_process=2)

    pids = []
    for _ in range(4):
        renderer.render("<p>x</p>")
        pids.append(process_of(renderer).pid)

    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert is_gone(pids[0])


def kill_in_the_middle(process: psutil.Process, scratch: Path) -> None:
    """Kill the process when it has the endless document."""
    within(10, lambda: any(source.stat().st_size > 500_000 for source in scratch.rglob("*.html")))
    time.sleep(0.2)
    process.kill()


def test_it_loses_one_document_to_a_kill_in_the_middle(
    make_renderer: Callable[..., LocalRenderer], scratch: Path
) -> None:
    renderer = make_renderer()
    renderer.render("<p>x</p>")
    killer = threading.Thread(target=kill_in_the_middle, args=(process_of(renderer), scratch))
    killer.start()

    error = fail(renderer, ENDLESS)

    killer.join()
    assert (error.reason, error.permanent) == ("crashed", False)
    assert joined(read_text(renderer.render("<p>danach</p>"))) == "danach"


def test_it_loses_nothing_to_a_kill_between_two_documents(
    make_renderer: Callable[..., LocalRenderer],
) -> None:
    renderer = make_renderer()
    renderer.render("<p>x</p>")
    process = process_of(renderer)
    process.kill()
    assert is_gone(process.pid)

    assert joined(read_text(renderer.render("<p>danach</p>"))) == "danach"


def test_it_ends_a_process_that_hangs(make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer(timeout=3)
    renderer.render("<p>x</p>")
    process = process_of(renderer)
    process.suspend()
    started = time.monotonic()

    error = fail(renderer)

    assert (error.reason, error.permanent) == ("timeout", False)
    assert time.monotonic() - started < 3 * BUSY
    assert is_gone(process.pid)


def test_it_gives_every_document_its_own_text_when_every_tenth_is_broken(
    make_renderer: Callable[..., LocalRenderer],
) -> None:
    renderer = make_renderer(timeout=3)

    for number in range(examples(20, 100)):
        if number % 10 == 9:
            assert fail(renderer, ENDLESS).reason == "timeout"
        else:
            assert joined(read_text(renderer.render(f"<p>Nr. {number}</p>"))) == f"Nr.{number}"


def test_it_does_not_grow_over_thousands_of_documents(make_renderer: Callable[..., LocalRenderer]) -> None:
    renderer = make_renderer()
    largest = 0

    for number in range(examples(300, 3000)):
        renderer.render(f"<p>{number}</p>")
        if number % 50 == 49:
            largest = max(largest, process_of(renderer).memory_info().rss)

    assert largest < 200 * 2**20


def test_it_kills_the_whole_group_in_time(fake: Callable[..., LocalRenderer], tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    renderer = fake(f"sleep 60 & echo $$ $! > {pids}; wait", timeout=3)

    assert fail(renderer).reason == "timeout"

    leader, child = map(int, pids.read_text().split())
    assert is_gone(leader)
    assert is_gone(child)


@pytest.mark.parametrize("script", ["echo Done >&2", "echo garbage > $target; echo Done >&2"])
def test_it_leaves_a_wrong_answer_to_the_inspection(fake: Callable[..., LocalRenderer], script: str) -> None:
    renderer = fake(script)

    with pytest.raises(RenderError) as caught:
        inspect_pdf(renderer.render(""))

    assert caught.value.reason == "bad_output"


def test_it_is_not_taken_in_by_a_complaint_that_says_done(fake: Callable[..., LocalRenderer]) -> None:
    renderer = fake("echo 'Warning: Failed to load Done' >&2; echo 'Done at last' >&2; sleep 60", timeout=0.5)

    assert fail(renderer).reason == "timeout"


def test_it_never_gives_a_late_document_to_the_next(fake: Callable[..., LocalRenderer]) -> None:
    """The first answer comes too late; the second document must not get it."""
    renderer = fake("grep -q slow $source && sleep 6; cp $source $target; echo Done >&2", timeout=3)

    assert fail(renderer, "slow").reason == "timeout"

    assert renderer.render("quick") == b"quick"


def test_it_reports_a_crash_with_its_words(fake: Callable[..., LocalRenderer]) -> None:
    error = fail(fake("echo cannot load library >&2; exit 3"))

    assert (error.reason, error.permanent, error.detail) == ("crashed", False, "cannot load library (exit 3)")


def test_it_reports_a_missing_binary_for_good(make_renderer: Callable[..., LocalRenderer]) -> None:
    error = fail(make_renderer("/nowhere/wkhtmltopdf"))

    assert (error.reason, error.permanent) == ("missing_binary", True)
    assert error.detail == "/nowhere/wkhtmltopdf: No such file or directory"


def test_it_reports_a_file_that_is_no_program_for_good(
    make_renderer: Callable[..., LocalRenderer], tmp_path: Path
) -> None:
    (tmp_path / "plain").write_text("text")

    assert fail(make_renderer(str(tmp_path / "plain"))).reason == "missing_binary"


@pytest.mark.parametrize(
    "script", ["ln -s /etc/hostname $target", "mkfifo $target", "mkdir $target", "ln -s /etc/hostname 2.html"]
)
def test_it_takes_nothing_but_a_file_from_its_process(
    fake: Callable[..., LocalRenderer], script: str
) -> None:
    renderer = fake(f"{script}; echo Done >&2")

    assert renderer.render("") == b""


def test_it_never_writes_through_a_link_that_its_process_made(
    fake: Callable[..., LocalRenderer], tmp_path: Path
) -> None:
    renderer = fake(f"ln -s {tmp_path}/outside 2.html; echo Done >&2")
    renderer.render("")

    assert fail(renderer).detail == "a file is in the way"

    assert not (tmp_path / "outside").exists()


def test_it_ends_with_its_owner(make_renderer: Callable[..., LocalRenderer]) -> None:
    """A worker that is killed cannot end its renderer, but its end of the pipe closes."""
    renderer = make_renderer()
    renderer.render("<p>x</p>")
    process = process_of(renderer)
    assert renderer._process is not None
    assert renderer._process._process.stdin is not None

    renderer._process._process.stdin.close()

    assert is_gone(process.pid)


def test_it_names_its_version(make_renderer: Callable[..., LocalRenderer]) -> None:
    assert make_renderer().name == "wkhtmltopdf 0.12.6 (local)"


def test_it_has_a_name_without_a_version(
    fake: Callable[..., LocalRenderer], make_renderer: Callable[..., LocalRenderer]
) -> None:
    assert fake(":").name == "wkhtmltopdf (local)"
    assert make_renderer("/nowhere/wkhtmltopdf").name == "wkhtmltopdf (local)"


def test_it_may_be_tried_again_when_there_was_no_process_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("checks.rendering.engine.process._start", fail)

    with pytest.raises(RenderError) as caught:
        LocalRenderer("wkhtmltopdf", 5).render("<p>1</p>")

    assert (caught.value.reason, caught.value.permanent) == ("no_process", False)

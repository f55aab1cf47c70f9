"""The local renderer…"""

import tempfile
import time
from pathlib import Path

import pytest

from checks.rendering.errors import RenderError
from checks.rendering.local import LocalRenderer
from checks.rendering.pdf import inspect_pdf


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """A temporary folder of the test's own, so that what is left behind can be seen."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def make_renderer(tmp_path):
    def make(script, timeout=10.0):
        binary = tmp_path / "wkhtmltopdf"
        binary.write_text(f"#!/bin/bash\n{script}\n")
        binary.chmod(0o755)
        return LocalRenderer(str(binary), timeout)

    return make


def fail(renderer, html="<p>Иван</p>"):
    with pytest.raises(RenderError) as caught:
        renderer.render(html)
    assert "Иван" not in f"{caught.value} {caught.value.detail}"
    return caught.value


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends_soon(pid):
    """The kernel takes a moment between the signal and the end."""
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.005)
    return not is_running(pid)


def test_it_makes_a_pdf():
    assert inspect_pdf(LocalRenderer("wkhtmltopdf", 20).render("<p>Чек</p>")).pages == 1


def test_it_names_its_version():
    assert LocalRenderer("wkhtmltopdf", 20).name == "wkhtmltopdf 0.12.6 (local)"


@pytest.mark.parametrize("script", ["exit 1", "echo nothing of the kind"])
def test_it_has_a_name_without_a_version(make_renderer, script):
    assert make_renderer(script).name == "wkhtmltopdf (local)"


def test_it_kills_the_whole_group_in_time(make_renderer, tmp_path):
    pids = tmp_path / "pids"
    renderer = make_renderer(f"sleep 60 & echo $$ $! > {pids}; wait", timeout=0.5)
    started = time.monotonic()
    error = fail(renderer)
    assert time.monotonic() - started < 3
    assert (error.reason, error.permanent) == ("timeout", False)
    leader, child = map(int, pids.read_text().split())
    assert ends_soon(leader)
    assert ends_soon(child)


def test_it_kills_what_a_finished_process_left_behind(make_renderer, tmp_path):
    pids = tmp_path / "pids"
    renderer = make_renderer(f"sleep 60 >/dev/null 2>&1 <&- & echo $! > {pids}; echo done")
    assert renderer.render("") == b"done\n"
    assert ends_soon(int(pids.read_text()))


def test_it_is_not_held_up_by_a_process_that_reads_nothing(make_renderer):
    assert fail(make_renderer("sleep 60", timeout=0.3), html="x" * 1_000_000).reason == "timeout"


@pytest.mark.parametrize("script", ["true", "echo garbage", "head -c 100000 /dev/urandom"])
def test_it_leaves_a_wrong_answer_to_the_inspection(make_renderer, script):
    with pytest.raises(RenderError) as caught:
        inspect_pdf(make_renderer(script).render(""))
    assert caught.value.reason == "bad_output"


def test_it_reports_a_refusal_with_its_words(make_renderer):
    error = fail(make_renderer("echo cannot load library >&2; exit 3"))
    assert (error.reason, error.permanent, error.detail) == ("crashed", False, "cannot load library (exit 3)")


def test_it_reports_a_crash(make_renderer):
    error = fail(make_renderer("kill -SEGV $$"))
    assert (error.reason, error.permanent, error.detail) == ("crashed", False, "(exit -11)")


def test_it_reports_a_missing_binary_for_good():
    error = fail(LocalRenderer("/nowhere/wkhtmltopdf", 5))
    assert (error.reason, error.permanent) == ("missing_binary", True)
    assert error.detail == "/nowhere/wkhtmltopdf: No such file or directory"


def test_it_reports_a_file_that_is_no_program_for_good(tmp_path):
    (tmp_path / "plain").write_text("text")
    assert fail(LocalRenderer(str(tmp_path / "plain"), 5)).reason == "missing_binary"


def test_it_passes_no_secret_on(make_renderer, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:the-password@h/n")
    seen = make_renderer("env").render("").decode()
    names = {line.partition("=")[0] for line in seen.splitlines()}
    assert names - {"_", "SHLVL", "PWD", "OLDPWD"} == {"PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "LANG"}


def test_it_gives_each_document_a_private_folder(make_renderer, scratch):
    where, mode = make_renderer('echo "$HOME" $(stat -c %a "$HOME") > /dev/stdout').render("").split()
    assert Path(where.decode()).parent == scratch
    assert mode == b"700"


def test_it_leaks_no_descriptor(make_renderer):
    renderer = make_renderer("sleep 60", timeout=0.05)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        fail(renderer)
    # Not equal: an earlier test's late thread may let go of its socket meanwhile.
    assert len(list(Path("/proc/self/fd").iterdir())) <= before

"""A running wkhtmltopdf that renders one document after another.

With `--read-args-from-stdin` the binary reads a line of arguments for each document, and writes a line
`Done` to stderr when the PDF is complete. It exits when a document fails and when its stdin is closed, so it
does not outlive us. Every document has its own file names, in a folder that is removed with the process. So
no document gets the output of another.
"""

import contextlib
import errno
import os
import re
import select
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO, cast

from checks.rendering.engine.isolation import confining_prefix
from checks.rendering.engine.limits import MAX_PDF_BYTES, minimal_environment
from checks.rendering.engine.options import ARGUMENTS
from checks.rendering.errors import RenderError

_DONE = re.compile(rb"(?:^|[\r\n])Done *\n")
_KEPT_COMPLAINT = 2000
# It reports progress about fifty times per document. Pausing avoids a wake-up for each report.
_PROGRESS_PAUSE_SECONDS = 0.001
_GONE_SECONDS = 1.0


class GoneError(RenderError):
    """The process ended before it read the document."""


class WarmProcess:
    """A process of `binary` in its own process group and folder.

    `sandbox` is the setting RENDER_SANDBOX. The binary may be the child of a process that isolates it.
    Raises RenderError (missing_binary, no_process, not_isolated).
    """

    def __init__(self, binary: str, sandbox: str) -> None:
        self.documents = 0
        program = shutil.which(binary)
        if program is None:
            raise _missing(binary, os.strerror(errno.ENOENT))
        self._folder = Path(tempfile.mkdtemp(prefix="forfar-render-"))
        try:
            prefix = confining_prefix(sandbox, program, self._folder)
            self._process = _start([*prefix, program, *ARGUMENTS, "--read-args-from-stdin"], self._folder)
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise _not_started(binary, error) from error
        except RenderError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        os.set_blocking(self._stderr, False)

    @property
    def _stderr(self) -> int:
        return _pipe(self._process.stderr).fileno()

    def render(self, html: bytes, *, timeout: float) -> bytes:
        """Return the PDF's bytes as written. Raises RenderError (timeout, crashed) or GoneError.

        The process cannot be used after an error.
        """
        self.documents += 1
        source = self._folder / f"{self.documents}.html"
        target = self._folder / f"{self.documents}.pdf"
        try:
            with source.open("xb") as file:  # never over what the process itself may have put there
                file.write(html)
            self._ask(source.name, target.name)
            self._wait_until_done(time.monotonic() + timeout)
            return _read(target)
        except FileExistsError as error:
            raise RenderError(reason="crashed", permanent=False, detail="a file is in the way") from error
        finally:
            for path in (source, target):
                with contextlib.suppress(OSError):
                    path.unlink()

    def end(self) -> None:
        """Kill the process group and remove the folder."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._wait_until_gone(time.monotonic() + _GONE_SECONDS)
        for pipe in (self._process.stdin, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, source: str, target: str) -> None:
        stdin = _pipe(self._process.stdin)
        try:
            stdin.write(f"{source} {target}\n".encode())
            stdin.flush()
        except BrokenPipeError as error:
            raise self._crashed(b"") from error

    def _wait_until_done(self, deadline: float) -> None:
        said = b""
        while not _DONE.search(said):
            ready, _, _ = select.select([self._stderr], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise RenderError(reason="timeout", permanent=False, detail="no answer in time")
            heard = os.read(self._stderr, 65536)
            if not heard:
                raise self._crashed(said)
            said = said[-_KEPT_COMPLAINT:] + heard
            if not _DONE.search(said):
                time.sleep(_PROGRESS_PAUSE_SECONDS)

    def _wait_until_gone(self, deadline: float) -> None:
        """Wait until stderr is closed: the process that isolates the binary may exit before the binary."""
        while select.select([self._stderr], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if not os.read(self._stderr, 65536):
                return

    def _crashed(self, said: bytes) -> RenderError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        words = said[-_KEPT_COMPLAINT:].decode("utf-8", "replace")
        kind = RenderError if said else GoneError  # it speaks as soon as it begins to load
        return kind(reason="crashed", permanent=False, detail=f"{words} (exit {self._process.returncode})")


def _read(target: Path) -> bytes:
    """Return a regular file's bytes up to a limit, nothing for anything else: the process is not trusted."""
    with contextlib.suppress(OSError):
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MAX_PDF_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    return b""


def _not_started(binary: str, error: OSError) -> RenderError:
    """Distinguish a program that cannot run from a machine that is short of processes or memory."""
    if error.errno in {errno.ENOENT, errno.EACCES, errno.ENOEXEC}:
        return _missing(binary, error.strerror)
    return RenderError(reason="no_process", permanent=False, detail=f"{binary}: {error.strerror}")


def _missing(binary: str, problem: str | None) -> RenderError:
    return RenderError(reason="missing_binary", permanent=True, detail=f"{binary}: {problem}")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """Tell the type checker that `_start` opened this pipe."""
    return cast("IO[bytes]", pipe)


def _start(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the command is a setting and constants
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=minimal_environment(folder),
        start_new_session=True,
    )

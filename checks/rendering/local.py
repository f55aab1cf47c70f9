"""The local binary: a process for each document."""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from functools import cached_property

from checks.rendering.errors import RenderError
from checks.rendering.options import ARGUMENTS

_VERSION_TIMEOUT_SECONDS = 5.0


class LocalRenderer:
    """Runs `binary` in a process group of its own and kills the group after `timeout` seconds."""

    def __init__(self, binary: str, timeout: float) -> None:
        self._binary = binary
        self._timeout = timeout

    @cached_property
    def name(self) -> str:
        try:
            answer = self._run(("--version",), b"", _VERSION_TIMEOUT_SECONDS)
        except RenderError:
            return "wkhtmltopdf (local)"
        version = re.search(rb"\d+(\.\d+)+", answer)
        return f"wkhtmltopdf {version[0].decode()} (local)" if version else "wkhtmltopdf (local)"

    def render(self, html: str) -> bytes:
        """Give what the binary wrote; raises RenderError (missing_binary, timeout, crashed)."""
        return self._run((*ARGUMENTS, "-", "-"), html.encode("utf-8", "replace"), self._timeout)

    def close(self) -> None:
        """Nothing outlives a document."""

    def _run(self, arguments: tuple[str, ...], given: bytes, timeout: float) -> bytes:
        with tempfile.TemporaryDirectory(prefix="forfar-render-") as folder:
            process = self._start(arguments, folder)
            try:
                output, complaint = process.communicate(given, timeout)
            except subprocess.TimeoutExpired as error:
                raise RenderError(reason="timeout", permanent=False, detail=f"over {timeout} s") from error
            finally:
                _kill_group(process)
        if process.returncode != 0:
            raise RenderError(
                reason="crashed",
                permanent=False,
                detail=f"{complaint[-2000:].decode('utf-8', 'replace')} (exit {process.returncode})",
            )
        return output

    def _start(self, arguments: tuple[str, ...], folder: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - the command is a setting and constants
                [self._binary, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
        except OSError as error:
            raise RenderError(
                reason="missing_binary", permanent=True, detail=f"{self._binary}: {error.strerror}"
            ) from error


def _environment(folder: str) -> dict[str, str]:
    """Only what the binary needs: none of our secrets, and no file of its own outside `folder`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_RUNTIME_DIR": folder,
        "LANG": "C.UTF-8",
    }


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process with all that it started, whether it is still there or has just been reaped."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()

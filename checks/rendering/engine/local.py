"""The local binary, kept running: a cold start takes several times as long as a check."""

import contextlib
import re
import subprocess
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.rendering.engine.isolation import AUTO
from checks.rendering.engine.limits import minimal_environment
from checks.rendering.engine.process import GoneError, WarmProcess

# A process grows by about 45 kB with every document.
DOCUMENTS_PER_PROCESS = 300
_VERSION_TIMEOUT_SECONDS = 5.0


class LocalRenderer:
    """Renders with one running `binary`, which is replaced after an error and after 300 documents.

    No document takes longer than `timeout` seconds, and a failing document does not affect others.
    """

    def __init__(
        self,
        binary: str,
        timeout: float,
        documents_per_process: int = DOCUMENTS_PER_PROCESS,
        sandbox: str = AUTO,
    ) -> None:
        self._binary = binary
        self._timeout = timeout
        self._documents_per_process = documents_per_process
        self._sandbox = sandbox
        self._process: WarmProcess | None = None

    @cached_property
    def name(self) -> str:
        version = re.search(r"\d+(\.\d+)+", self._version())
        return f"wkhtmltopdf {version[0]} (local)" if version else "wkhtmltopdf (local)"

    def render(self, html: str) -> bytes:
        """Return what the binary wrote, possibly nothing.

        Raises RenderError (timeout, crashed, missing_binary, not_isolated).
        """
        content = html.encode("utf-8", "replace")
        if self._process is not None:
            with contextlib.suppress(GoneError):  # killed while idle, so this document is not at fault
                return self._render(content)
        return self._render(content)

    def close(self) -> None:
        """End the process; the next document starts another."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _render(self, content: bytes) -> bytes:
        process = self._ready_process()
        try:
            return process.render(content, timeout=self._timeout)
        except BaseException:  # also a job's timeout: late output must not reach another document
            self.close()
            raise

    def _ready_process(self) -> WarmProcess:
        if self._process is not None and self._process.documents >= self._documents_per_process:
            self.close()
        if self._process is None:
            self._process = WarmProcess(self._binary, self._sandbox)
        return self._process

    def _version(self) -> str:
        with TemporaryDirectory(prefix="forfar-render-") as folder:
            try:
                answer = subprocess.run(  # noqa: S603 - the command is a setting
                    [self._binary, "--version"],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    env=minimal_environment(Path(folder)),
                    timeout=_VERSION_TIMEOUT_SECONDS,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired):
                return ""
        return answer.stdout.decode("utf-8", "replace")

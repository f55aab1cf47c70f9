"""wkhtmltopdf behind HTTP, as the docker image openlabs/docker-wkhtmltopdf-aas offers it."""

import base64
import threading
import time
from collections.abc import Callable

import requests
from urllib3.exceptions import HTTPError

from checks.rendering.engine.limits import MAX_PDF_BYTES
from checks.rendering.engine.options import OPTIONS
from checks.rendering.errors import RenderError

_CHUNK_BYTES = 64 * 1024
_TRANSIENT_REFUSALS = {408, 425, 429}


class HttpRenderer:
    """Posts documents over a kept connection; no document takes longer than `timeout` seconds."""

    def __init__(self, url: str, timeout: float, max_bytes: int = MAX_PDF_BYTES) -> None:
        self._url = url
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._session = _new_session()

    @property
    def name(self) -> str:
        return "wkhtmltopdf (http)"

    def render(self, html: str) -> bytes:
        """Return the body of the answer, whether or not it is a PDF. Raises RenderError.

        Transient: unreachable, timeout, http_error (5xx and "try later"). Permanent: refused (any other
        status but 200), too_large.
        """
        deadline = time.monotonic() + self._timeout
        try:
            return _within(self._timeout, lambda: self._post(html, deadline))
        except TimeoutError as error:
            raise RenderError(reason="timeout", permanent=False, detail=f"over {self._timeout} s") from error

    def close(self) -> None:
        self._session.close()

    def _post(self, html: str, deadline: float) -> bytes:
        contents = base64.b64encode(html.encode("utf-8", "replace")).decode("ascii")
        try:
            with self._session.post(
                self._url,
                json={"contents": contents, "options": dict(OPTIONS)},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                _check_status(response.status_code)
                return self._read(response, deadline)
        except requests.Timeout as error:
            raise TimeoutError from error
        except (requests.RequestException, HTTPError) as error:
            raise RenderError(reason="unreachable", permanent=False, detail=type(error).__name__) from error

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        content = bytearray()
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            content += chunk
            if len(content) > self._max_bytes:
                raise RenderError(reason="too_large", permanent=True, detail=f"over {self._max_bytes} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError
        return bytes(content)


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # orders must not pass through a proxy that the environment names
    session.headers["Accept-Encoding"] = "identity"  # a small compressed body could fill the memory
    return session


def _check_status(status: int) -> None:
    """Raise RenderError for an error. Only the status is reported, because the text may quote the order."""
    if status == 200:
        return
    if status >= 500 or status in _TRANSIENT_REFUSALS:
        raise RenderError(reason="http_error", permanent=False, detail=f"status {status}")
    raise RenderError(reason="refused", permanent=True, detail=f"status {status}")


def _within(seconds: float, call: Callable[[], bytes]) -> bytes:
    """Return the call's result or raise its error; raise TimeoutError after `seconds`.

    The timeouts of `requests` restart with every received byte, so the call runs in a thread. A late thread
    is left alone: it ends with its next byte and does not keep the process alive.
    """
    results: list[bytes] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, name="wkhtmltopdf-http", daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    raise errors[0] if errors else TimeoutError()

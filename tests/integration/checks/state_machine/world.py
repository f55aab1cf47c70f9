"""What the machine acts on: the service with a clock that it moves and a renderer that it tells to fail."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client

from checks.rendering.errors import RenderError
from foundation.context import Actor
from foundation.errors import ForFarError
from printers.models import Printer
from tests.conftest import NOW
from tests.support.fakes import SMALL_PDF, FakeRenderer

JOBS = "rq:queue:default"


class NumberedRenderer(FakeRenderer):
    """Gives another PDF each time, so that it shows which rendering somebody got."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def render(self, html: str) -> bytes:
        self.calls += 1
        super().render(html)
        return self.document(self.calls)

    @staticmethod
    def document(number: int) -> bytes:
        return SMALL_PDF.replace(b"%%EOF", b"%% %d\n%%%%EOF" % number)

    def shall(self, outcome: str) -> None:
        """Work, or fail at the next call: `transient` or `permanent`."""
        permanent = outcome == "permanent"
        self.failures = [] if outcome == "works" else [RenderError(reason="told", permanent=permanent)]


class World:
    """The service as one run of the machine sees it: everything is gone when the run is over."""

    def __init__(
        self,
        *,
        printers: dict[str, Printer],
        staff: Actor,
        token: str,
        redis: Any,
        renderer: NumberedRenderer,
    ) -> None:
        self.printers, self.staff, self.redis, self.renderer = printers, staff, redis, renderer
        self.api = Client()
        self.token = {"Authorization": f"Bearer {token}"}
        self.now: datetime = NOW

    def begin(self) -> None:
        self.now = NOW
        self._run = transaction.atomic()
        self._run.__enter__()

    def end(self) -> None:
        transaction.set_rollback(True)
        self._run.__exit__(None, None, None)
        self.redis.flushdb()
        shutil.rmtree(self._pdfs, ignore_errors=True)

    @property
    def _pdfs(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "pdf"

    def pdfs(self, order_id: int) -> list[Path]:
        """Return the files that there are of this order."""
        return list(self._pdfs.glob(f"{order_id}_*"))

    def queued(self) -> set[str]:
        """Return the ids of the jobs that wait."""
        return {job_id.decode() for job_id in self.redis.lrange(JOBS, 0, -1)}

    def get(self, path: str, **parameters: Any) -> tuple[str, Any]:
        headers = {} if "api_key" in parameters else self.token
        return _outcome(self.api.get(path, parameters, headers=headers))

    def post(self, path: str, body: dict[str, Any], **headers: str) -> tuple[str, Any]:
        headers |= {} if "api_key" in body else self.token
        return _outcome(self.api.post(path, body, "application/json", headers=headers))


def _outcome(response: Any) -> tuple[str, Any]:
    """Return the code of a refusal, or none, and what was answered: JSON or a PDF."""
    if response.status_code == 200 and response.headers["Content-Type"] == "application/pdf":
        return "", b"".join(response.streaming_content)
    assert response.status_code in {200, 400, 422}, response.content
    answer = response.json()
    return ("" if response.status_code == 200 else answer["code"]), answer


def code_of(act: Callable[[], Any]) -> str:
    """Call a service, and return the code of its refusal, or none."""
    try:
        act()
    except ForFarError as error:
        return error.code
    return ""

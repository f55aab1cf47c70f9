"""Whether the process is alive, and whether everything that it needs is there."""

import shutil
from collections.abc import Callable

import requests
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from rq import Queue, Worker

from checks.rendering.engine.isolation import ON, find_way
from events.feed.horizon import horizon_lag, require_adopted
from foundation.redis import client

PROBE_TIMEOUT_SECONDS = 3
PROBE_KEY = "forfar:readyz"
PROBE_KEY_SECONDS = 60


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process can answer."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if orders can be taken and printed, or 503 with the names of the parts that are missing.

    The answer also tells which open writing transaction holds the feed's horizon back, and for how long.
    """
    missing = [name for name, probe in PROBES.items() if not _holds(probe)]
    lag = None
    if "database" not in missing:
        lag = horizon_lag()
        if not _holds(_log):
            missing.append("log")
        if 0 < settings.HORIZON_LIMIT_SECONDS < lag.seconds:
            missing.append("horizon")
    body = {"ok": not missing, "missing": missing, "horizon": lag and lag._asdict()}
    return JsonResponse(body, status=503 if missing else 200)


def _holds(probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:  # noqa: BLE001 - any error means that the part is missing
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _log() -> bool:
    require_adopted()
    return True


def _redis() -> bool:
    """Try a write: a Redis that is full, read-only or out of disk still answers a ping."""
    return bool(client().set(PROBE_KEY, 1, ex=PROBE_KEY_SECONDS))


def _worker() -> bool:
    return Worker.count(queue=Queue(connection=client())) > 0  # workers that render


def _renderer() -> bool:
    if not settings.WKHTMLTOPDF_URL:
        program = shutil.which(settings.WKHTMLTOPDF_BINARY)
        return program is not None and (settings.RENDER_SANDBOX != ON or find_way(program) is not None)
    # Any answer is fine: the renderer takes no GET.
    requests.get(settings.WKHTMLTOPDF_URL, timeout=PROBE_TIMEOUT_SECONDS)
    return True


PROBES: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "worker": _worker,
    "renderer": _renderer,
}

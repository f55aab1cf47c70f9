"""The worker that renders: `manage.py rqworker-pool --worker-class checks.jobs.worker.RenderWorker`."""

import logging
from typing import Any

from redis import RedisError

from checks.rendering.engine.renderer import reset_renderer
from checks.services.render_queue import ask_for_sweep
from foundation.jobs.worker import StayingWorker

logger = logging.getLogger(__name__)


class RenderWorker(StayingWorker):
    """Keeps a renderer warm between jobs, and asks for a sweep when it starts."""

    def work(self, burst: bool = False, *args: Any, **kwargs: Any) -> bool:
        if not burst:
            _ask_for_sweep()
        try:
            return super().work(burst, *args, **kwargs)
        finally:
            reset_renderer()  # a process of RQ's pool runs no exit handlers


def _ask_for_sweep() -> None:
    """Ask for a sweep now; without Redis, cron does so later."""
    try:
        ask_for_sweep()
    except RedisError as error:
        logger.warning("No sweep was requested: %s", error)

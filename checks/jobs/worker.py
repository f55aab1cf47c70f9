"""The worker that renders: `manage.py run_workers default`."""

import logging

from redis import RedisError

from checks.rendering.engine.renderer import reset_renderer
from checks.services.render_queue import ask_for_sweep
from foundation.jobs.worker import StayingWorker

logger = logging.getLogger(__name__)


class RenderWorker(StayingWorker):
    """Keeps a renderer warm between jobs, and asks for a sweep when it starts."""

    def before_work(self, *, burst: bool) -> None:
        if not burst:
            _ask_for_sweep()

    def after_work(self) -> None:
        reset_renderer()


def _ask_for_sweep() -> None:
    """Ask for a sweep now; without Redis, cron does so later."""
    try:
        ask_for_sweep()
    except RedisError as error:
        logger.warning("No sweep was requested: %s", error)

import logging
import time
from typing import Any

from rq.scheduler import RQScheduler

from foundation.jobs.queues import default_queue
from foundation.management.background import BackgroundCommand

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 5


class Command(BackgroundCommand):
    help = "Enqueue the retries of failed renders when they are due. Run one; a second waits for its exit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run RQ's scheduler in a process of its own.

        In RQ 3.0 a worker forks its scheduler. The fork outlives a killed worker and keeps its connection
        open, so Redis goes on handing jobs to the dead worker. A scheduler that finds the lock of a dead one
        looks again only after ten minutes. When you upgrade RQ, check whether either has changed.
        """
        scheduler = RQScheduler([default_queue()], connection=default_queue().connection)
        while not scheduler.acquire_locks():  # type: ignore[no-untyped-call]
            time.sleep(SECONDS_BETWEEN_TRIES)
        logger.info("Scheduling retries.")
        scheduler.work()  # type: ignore[no-untyped-call]

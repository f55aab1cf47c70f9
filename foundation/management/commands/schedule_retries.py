import logging
import time
from typing import Any

from rq.scheduler import RQScheduler

from foundation.jobs.queues import default_queue
from foundation.management.background import BackgroundCommand

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 5


class Command(BackgroundCommand):
    help = (
        "Bring the retries of failed renders into the queue when their time has come. One process does it; "
        "a second one waits until the first has gone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run RQ's scheduler in a process of its own.

        Inside a worker, as RQ has it, the scheduler is a fork that outlives a killed worker and keeps its
        connection open: Redis goes on handing jobs to the dead. And a scheduler that finds its lock taken by
        a dead one looks again only after ten minutes.
        """
        scheduler = RQScheduler([default_queue()], connection=default_queue().connection)
        while not scheduler.acquire_locks():  # type: ignore[no-untyped-call]
            time.sleep(SECONDS_BETWEEN_TRIES)
        logger.info("Scheduling retries.")
        scheduler.work()  # type: ignore[no-untyped-call]

from typing import Any

from django_rq.cron import DjangoCronScheduler
from rq.utils import now

from foundation.management.background import BackgroundCommand

CONFIGURATION = "forfar.cron"


class SteadyCronScheduler(DjangoCronScheduler):
    """RQ's cron, which goes on when the clock is set back instead of waiting for the old time to return."""

    def enqueue_jobs(self) -> Any:
        for job in self.get_jobs():
            if job.latest_enqueue_time is not None and job.latest_enqueue_time > now():
                job.latest_enqueue_time = None
        return super().enqueue_jobs()


class Command(BackgroundCommand):
    help = (
        "Have the sweeper and other upkeep done again and again. One process does it; a second does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        scheduler = SteadyCronScheduler()
        scheduler.load_config_from_file(CONFIGURATION)
        scheduler.start()  # type: ignore[no-untyped-call]

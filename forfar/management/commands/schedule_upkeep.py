from typing import Any

from foundation.jobs.cron import SteadyCronScheduler
from foundation.management.background import BackgroundCommand

CONFIGURATION = "forfar.cron"


class Command(BackgroundCommand):
    help = "Enqueue the sweeper and other upkeep at their intervals. Run one; a second does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        scheduler = SteadyCronScheduler()
        scheduler.load_config_from_file(CONFIGURATION)
        scheduler.start()  # type: ignore[no-untyped-call]

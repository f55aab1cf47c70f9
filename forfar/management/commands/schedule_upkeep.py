from typing import Any

from django.core.management.base import BaseCommand

from foundation.jobs.cron import SteadyCronScheduler

CONFIGURATION = "forfar.cron"


class Command(BaseCommand):
    help = "Enqueue the sweeper and other upkeep at their intervals. Run one; a second does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        scheduler = SteadyCronScheduler()
        scheduler.load_config_from_file(CONFIGURATION)
        scheduler.start()  # type: ignore[no-untyped-call]

from typing import Any

from django.utils import timezone

from foundation.management.base import LongCommand
from readers.analytics import summaries


class Command(LongCommand):
    help = (
        "Bring analytics.printer_day and analytics.point_hour up to date; useful once, where the log is long "
        "already, and after TIME_ZONE was changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        zone, read = timezone.get_default_timezone(), 0
        while events := summaries.catch_up(now=timezone.now(), zone=zone):
            read += events
        self.stdout.write(f"{read} events were read.")

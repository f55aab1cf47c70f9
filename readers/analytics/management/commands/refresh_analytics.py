from typing import Any

from django.utils import timezone

from foundation.management.base import LongCommand
from readers.analytics import summaries


class Command(LongCommand):
    help = (
        "Bring analytics.printer_day and analytics.point_hour up to date. Useful once, if the log is already "
        "long, and after a change of TIME_ZONE."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        zone, read = timezone.get_default_timezone(), 0
        while events := summaries.catch_up(now=timezone.now(), zone=zone):
            read += events
        self.stdout.write(f"Read {read} events.")

from typing import Any

from django.core.management.base import BaseCommand

from readers.metrics import tally


class Command(BaseCommand):
    help = (
        "Count all events for /metrics that are not counted yet; useful once, where the log is long already."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counted = 0
        while events := tally.catch_up():
            counted += events
        self.stdout.write(f"{counted} events were counted.")

from typing import Any

from django.core.management.base import BaseCommand

from readers.metrics import tally


class Command(BaseCommand):
    help = "Count all events that /metrics has not counted yet. Useful once, if the log is already long."

    def handle(self, *args: Any, **options: Any) -> None:
        counted = 0
        while events := tally.catch_up():
            counted += events
        self.stdout.write(f"Counted {counted} events.")

from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError

from events.feed.horizon import adopt
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Make new events follow all events of a log that was restored into another database cluster, which "
        "has other transaction ids. Run this as the owner of the tables, after a restore and before the "
        "service starts. If it is not needed, it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            offset = adopt()
        except ProgrammingError as error:
            raise CommandError(f"Only the owner of the tables can do this: {error}") from error
        if offset is None:
            self.stdout.write(
                "The transaction ids of the log and of this cluster fit together. Nothing was changed."
            )
        else:
            self.stdout.write(f"The log is adopted. Transactions now count from {offset}.")

from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError

from events.feed.horizon import adopt
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Go on with a log that was restored into another database cluster, which counts its transactions "
        "from elsewhere: new events come after all old ones. Run it as the owner of the tables after a "
        "restore and before the service starts; where there is no need it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            offset = adopt()
        except ProgrammingError as error:
            raise CommandError(f"Only the owner of the tables can do this: {error}") from error
        if offset is None:
            self.stdout.write("The log counts on from where this cluster is; nothing was changed.")
        else:
            self.stdout.write(f"The log is adopted: transactions count from {offset} on.")

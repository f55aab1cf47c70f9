"""What commands have in common."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.db.deadlines import without_deadlines


class LongCommand(BaseCommand):
    """A command that may take its time: the database does not cut its statements and transactions short."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with without_deadlines():
            return super().execute(*args, **options)

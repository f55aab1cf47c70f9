"""Base classes of commands."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.db.deadlines import without_deadlines


class LongCommand(BaseCommand):
    """A command without time limits on its statements and transactions."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with without_deadlines():
            return super().execute(*args, **options)

from typing import Any

from django.core.management.base import BaseCommand

from readers.analytics.dictionary import PAGE, written


class Command(BaseCommand):
    help = "Write the data dictionary into docs/analytics.md; script/dictionary runs it."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(written(PAGE.read_text()))

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from order_systems.startup import require_order_systems


class Command(BaseCommand):
    help = "Exit 1, saying what to do, when no order system could get in; run before the web process starts."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_order_systems()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None

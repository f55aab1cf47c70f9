from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from order_systems.startup import require_order_systems


class Command(BaseCommand):
    help = "Exit 1 and say what to do if no order system could send orders. Run it before the web process."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_order_systems()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None

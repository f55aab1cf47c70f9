from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checks import services
from events.context import Actor
from forfar.errors import ForFarError


class Command(BaseCommand):
    help = (
        "Erase the client's name, phone and address from an order whose checks are printed or failed, and "
        "delete its PDFs. What happened to the checks stays, and still verifies. A repeat does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--order", type=int, required=True, metavar="ID", help="the order's number")

    def handle(self, *args: Any, **options: Any) -> None:
        order_id: int = options["order"]
        try:
            checks = services.erase_order(order_id=order_id, actor=Actor.command(), now=timezone.now())
        except ForFarError as error:
            raise CommandError(f"Order {order_id}: {error}") from error
        self.stdout.write(f"Order {order_id}: the personal data of {len(checks)} checks is erased.")

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from checks import services
from checks.services.finished_orders import count_candidates, finished_orders
from checks.services.order_checks import checks_of_order
from foundation.context import Actor
from foundation.errors import ForFarError
from foundation.management.arguments import moment
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Erase the client's name, phone and address from an order whose checks are printed or failed, or "
        "from all such orders to which nothing has happened since DATE, and delete their PDFs. The events "
        "stay, and still verify. It can be repeated, and continues where it was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--order", type=int, metavar="ID", help="the order's number")
        which.add_argument("--before", type=moment, metavar="DATE", help="all orders finished before")
        parser.add_argument("--dry-run", action="store_true", help="only report how much would be erased")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        order_id: int | None = options["order"]
        before: datetime | None = options["before"]
        if before is not None and before > timezone.now():
            raise CommandError(f"{before} is still to come: that would be every finished order.")
        if order_id is not None:
            self._erase_order(order_id, options["dry_run"])
        elif before is not None and options["dry_run"]:
            self._describe(before)
        elif before is not None:
            self._erase_before(before, options["quiet"])

    def _erase_order(self, order_id: int, dry_run: bool) -> None:
        try:
            if dry_run:
                checks = [check for check in checks_of_order(order_id) if not check.is_erased]
            else:
                checks = services.erase_order(order_id=order_id, actor=Actor.command(), now=timezone.now())
        except ForFarError as error:
            raise CommandError(f"Order {order_id}: {error}") from error
        verb = "would be" if dry_run else "is"
        self.stdout.write(f"Order {order_id}: the personal data of {len(checks)} checks {verb} erased.")

    def _describe(self, before: datetime) -> None:
        orders = checks = 0
        for batch in finished_orders(before=before, erased=False):
            orders += len(batch)
            checks += sum(len(order.check_ids) for order in batch)
        self.stdout.write(f"The personal data of {orders} orders with {checks} checks would be erased.")

    def _erase_before(self, before: datetime, quiet: bool) -> None:
        erased = left = 0
        with tqdm(
            total=count_candidates(before=before, erased=False), unit=" checks", disable=quiet or None
        ) as bar:
            for order in (order for batch in finished_orders(before=before, erased=False) for order in batch):
                try:
                    services.erase_order(order_id=order.order_id, actor=Actor.command(), now=timezone.now())
                    erased += 1
                except ForFarError as error:  # somebody has retried or reprinted a check meanwhile
                    left += 1
                    tqdm.write(f"Order {order.order_id}: {error}", file=self.stdout)
                bar.update(len(order.check_ids))
        self.stdout.write(f"The personal data of {erased} orders is erased; {left} could not be.")

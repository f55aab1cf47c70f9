from argparse import ArgumentParser
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from checks.integrity.archive import archive
from checks.integrity.archive.run import limits, plan
from checks.services.finished_orders import count_candidates, finished_orders
from foundation.errors import ForFarError
from foundation.management.arguments import moment
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Move finished orders from the tables into files: orders whose checks are printed or failed, to "
        "which nothing has happened since DATE, and whose personal data is erased (erase_personal_data "
        "--before). Each part is written and verified before its rows are deleted; seals stay. Run it as the "
        "owner of the tables. If it is interrupted, run it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--before", type=moment, required=True, metavar="DATE", help="must be at least a day ago"
        )
        parser.add_argument(
            "--to", type=Path, required=True, metavar="FOLDER", help="the archive; always use the same one"
        )
        parser.add_argument("--dry-run", action="store_true", help="only report what would be archived")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        before: datetime = options["before"]
        if options["dry_run"]:
            self._describe(before)
        else:
            self._archive(before, options["to"], options["quiet"])
        self._say_what_stays(before)

    def _archive(self, before: datetime, folder: Path, quiet: bool) -> None:
        parts = checks = events = 0
        total = count_candidates(before=before, erased=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tqdm(total=total, unit=" checks", disable=quiet or None) as bar:
                for contents, resumed in archive(before=before, folder=folder, now=timezone.now()):
                    parts += 1
                    checks += len(contents.orders)
                    events += contents.events
                    bar.update(len(contents.orders))
                    if resumed:
                        tqdm.write(f"Part {contents.number} of an earlier run is finished.", file=self.stdout)
        except (ForFarError, OSError) as error:  # such as a full disk
            raise CommandError(f"{error} {parts} parts were archived.") from error
        self.stdout.write(f"{checks} checks with {events} events are in the archive now, in {parts} parts.")

    def _describe(self, before: datetime) -> None:
        days: Counter[str] = Counter()
        orders = checks = events = 0
        for planned in plan(before=before):
            days[planned.day.isoformat()] += len(planned.orders)
            orders += len(planned.orders)
            checks += sum(len(order.check_ids) for order in planned.orders)
            events += sum(order.events for order in planned.orders)
        for day, count in sorted(days.items()):
            self.stdout.write(f"{day}: {count} orders")
        self.stdout.write(f"{orders} orders, {checks} checks, {events} events would be archived.")

    def _say_what_stays(self, before: datetime) -> None:
        personal = sum(len(batch) for batch in finished_orders(before=before, erased=False))
        if personal:
            self.stdout.write(
                f"{personal} more finished orders hold personal data: erase_personal_data --before first."
            )
        upto, because = limits()
        waiting = sum(
            order.last > upto for batch in finished_orders(before=before, erased=True) for order in batch
        )
        if waiting:
            self.stdout.write(f"{waiting} more orders wait for: {because}.")

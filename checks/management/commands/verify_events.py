import sys
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from checks.models import Check
from checks.verification import Difference, verify
from forfar.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Fold every check from its events and compare: versions and hash chains, the cached columns, the "
        "history records, the order's digest. Exits 1 and lists what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_id", nargs="*", type=int, help="only these checks (default: all)")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        check_ids: list[int] | None = options["check_id"] or None
        differences: list[Difference] = []
        checks = events = 0
        bar = tqdm(
            verify(check_ids=check_ids),
            total=len(check_ids) if check_ids else Check.objects.count(),
            unit=" checks",
            disable=options["quiet"] or None,
        )
        for verified in bar:
            checks += 1
            events += verified.events
            for difference in verified.differences:
                differences.append(difference)
                tqdm.write(str(difference), file=self.stdout)
        self.stdout.write(f"{checks} checks, {events} events, {len(differences)} differences.")
        if differences:
            sys.exit(1)

import sys
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from checks.integrity.rebuild import Rebuilt, rebuild
from checks.models import Check
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Rewrite the cached columns of every check from its events. Writes no event and no history record. "
        "Leaves a check alone, and exits 1, if its events do not verify."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report what differs")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        found = broken = 0
        with tqdm(total=Check.objects.count(), unit=" checks", disable=options["quiet"] or None) as bar:
            for looked_at, rebuilt in rebuild(dry_run=dry_run):
                bar.update(looked_at)
                for each in rebuilt:
                    found += not each.is_broken
                    broken += each.is_broken
                    tqdm.write(_described(each), file=self.stdout)
        self.stdout.write(f"{found} checks {'would be' if dry_run else 'were'} rewritten.")
        if broken:
            self.stdout.write(f"{broken} checks were left alone, because their events do not verify.")
            sys.exit(1)


def _described(rebuilt: Rebuilt) -> str:
    changes = ", ".join(f"{name}: {old!r} → {new!r}" for name, (old, new) in rebuilt.changes.items())
    left_alone = " (left alone)" if rebuilt.is_broken else ""
    return f"check {rebuilt.check_id}: {changes}{left_alone}"

from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from checks.integrity.rebuild import rebuild
from checks.models import Check
from foundation.management.base import LongCommand


class Command(LongCommand):
    help = "Rewrite the cached columns of every check from its events. Writes no event and no history record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what differs, change nothing")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        found = 0
        with tqdm(total=Check.objects.count(), unit=" checks", disable=options["quiet"] or None) as bar:
            for looked_at, rebuilt in rebuild(dry_run=dry_run):
                bar.update(looked_at)
                found += len(rebuilt)
                for each in rebuilt:
                    changes = ", ".join(
                        f"{name}: {old!r} → {new!r}" for name, (old, new) in each.changes.items()
                    )
                    tqdm.write(f"check {each.check_id}: {changes}", file=self.stdout)
        self.stdout.write(f"{found} checks {'would be' if dry_run else 'were'} rewritten.")

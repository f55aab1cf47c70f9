import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from checks.models import Check
from checks.verification import Difference, verify
from events.seal_verification import SealDifference, SealVerification
from forfar.management.base import LongCommand


class Command(LongCommand):
    help = (
        "Fold every check from its events and compare: versions and hash chains, the cached columns, the "
        "history records, the order's digest; and, for all checks, the seals. Exits 1 and lists what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_id", nargs="*", type=int, help="only these checks (default: all)")
        parser.add_argument(
            "--seals", type=Path, metavar="FILE", help="the file of seals (default: SEAL_FILE)"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        check_ids: list[int] | None = options["check_id"] or None
        found: list[Difference] = []
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
                found.append(difference)
                tqdm.write(str(difference), file=self.stdout)
        sealed = [] if check_ids else self._verify_seals(options["seals"])
        differences: list[Difference | SealDifference] = [*found, *sealed]
        self.stdout.write(f"{checks} checks, {events} events, {len(differences)} differences.")
        if differences:
            sys.exit(1)

    def _verify_seals(self, path: Path | None) -> list[SealDifference]:
        """Compare the seals with the events and the file, and say how much they cover."""
        path = self._seal_file(path)
        verification = SealVerification(path)
        differences = []
        for difference in verification.differences():
            differences.append(difference)
            self.stdout.write(str(difference))
        self.stdout.write(
            f"{verification.seals} seals of {verification.sealed} events; "
            f"{verification.unsealed} events are not sealed yet."
        )
        if path and verification.unwritten:
            self.stdout.write(f"{verification.unwritten} seals are not in {path} yet.")
        return differences

    def _seal_file(self, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path is None and settings.SEAL_FILE:
            path = Path(settings.SEAL_FILE)
            if not path.is_file():
                self.stdout.write(f"There is no file {path} to compare the seals with.")
                return None
        return path

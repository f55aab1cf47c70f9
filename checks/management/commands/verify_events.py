import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from checks.integrity.archive import verify_archive
from checks.integrity.archive.verification import PartDifference, unfinished
from checks.integrity.verification import Difference, archived_among, verify
from checks.models import Check
from events.archive.leaves import LeafFile
from events.models import ArchivePart
from events.seals.verification import SealDifference, SealVerification
from foundation.db.deadlines import without_deadlines
from foundation.management.base import LongCommand

MOST_JOBS = 8  # each has a connection to the database


class Command(LongCommand):
    help = (
        "Fold every check from its events and compare versions, hash chains, cached columns, history "
        "records and the order's digest; without named checks also the seals. With --archive, verify the "
        "archive too, and compare it with the tables. Exits 1 and lists what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_id", nargs="*", type=int, help="only these checks (default: all)")
        parser.add_argument(
            "--seals",
            type=Path,
            metavar="FILE",
            help="compare the seals with this file (default: that of the setting SEAL_FILE)",
        )
        parser.add_argument(
            "--archive", type=Path, metavar="FOLDER", help="verify the archive in this folder with the tables"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress bar")
        parser.add_argument(
            "--jobs",
            type=_jobs,
            default=min(_cores(), MOST_JOBS),
            metavar="N",
            help=f"processes that share the work (default: %(default)s; one a core, at most {MOST_JOBS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_ids: list[int] | None = options["check_id"] or None
        folder: Path | None = options["archive"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        checks, events, found = self._verify_checks(check_ids, options["jobs"], options["quiet"])
        differences: list[Difference | SealDifference | PartDifference] = [*found]
        leaves = None
        if folder is not None:
            leaves, in_archive = self._verify_archive(folder, check_ids, options["quiet"])
            differences += in_archive
        elif check_ids:
            self._say_where(check_ids)
        if not check_ids:
            differences += self._verify_seals(options["seals"], leaves)
        self.stdout.write(f"{checks} checks, {events} events, {len(differences)} differences.")
        if differences:
            sys.exit(1)

    def _say_where(self, check_ids: list[int]) -> None:
        for check_id, part in archived_among(check_ids).items():
            self.stdout.write(f"Check {check_id} is in part {part} of the archive: --archive verifies it.")

    def _verify_archive(
        self, folder: Path, check_ids: list[int] | None, quiet: bool
    ) -> tuple[list[LeafFile], list[PartDifference]]:
        """Verify all parts, or those of the named checks; print what differs and how much was verified."""
        numbers = sorted(set(archived_among(check_ids).values())) if check_ids else None
        total = len(numbers) if numbers is not None else ArchivePart.objects.count()
        leaves: list[LeafFile] = []
        found: list[PartDifference] = []
        checks = events = 0
        with without_deadlines(), tqdm(total=total, unit=" parts", disable=quiet or None) as bar:
            for verified in verify_archive(folder, numbers=numbers):
                checks += verified.checks
                events += verified.events
                found += verified.differences
                leaves += [verified.leaves] if verified.leaves else []
                bar.update()
                for difference in verified.differences:
                    tqdm.write(str(difference), file=self.stdout)
        self.stdout.write(f"{total} parts of the archive with {checks} checks, {events} events.")
        if left := unfinished(folder):
            self.stdout.write(
                f"{len(left)} more parts are written, but their rows are still in the tables: archive_events "
                "was interrupted; run it again."
            )
        return leaves, found

    def _verify_checks(
        self, check_ids: list[int] | None, jobs: int, quiet: bool
    ) -> tuple[int, int, list[Difference]]:
        """Verify the checks, print what differs, and return how many checks and events were verified."""
        tqdm.monitor_interval = 0  # tqdm's thread must not exist before a fork
        checks = events = 0
        found: list[Difference] = []
        total = len(check_ids) if check_ids else Check.objects.count()
        with tqdm(total=total, unit=" checks", disable=quiet or None) as bar:
            for verified in verify(check_ids=check_ids, jobs=jobs):
                checks += verified.checks
                events += verified.events
                found += verified.differences
                bar.update(verified.checks)
                for difference in verified.differences:
                    tqdm.write(str(difference), file=self.stdout)
        return checks, events, found

    def _verify_seals(self, path: Path | None, archive: list[LeafFile] | None) -> list[SealDifference]:
        """Compare the seals with the events and the file, and print how much they cover."""
        path = self._seal_file(path)
        verification = SealVerification(path, archive)
        differences = []
        with without_deadlines():  # again: after several processes this is a new session
            for difference in verification.differences():
                differences.append(difference)
                self.stdout.write(str(difference))
        self.stdout.write(
            f"{verification.seals} seals of {verification.sealed} events; "
            f"{verification.unsealed} events are not sealed yet."
        )
        if verification.archived:
            self.stdout.write(
                f"{verification.archived} events are in the archive, and were only counted: "
                "--archive FOLDER verifies them."
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


def _jobs(text: str) -> int:
    jobs = int(text)
    if jobs < 1:
        raise ArgumentTypeError("at least 1")
    return jobs


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

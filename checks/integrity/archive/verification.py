"""Comparing the archive with the tables: every listed part must be there as listed, and nothing else."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from checks.integrity.archive import parts
from checks.integrity.archive.inspection import Inspection, inspected
from checks.integrity.archive.parts import CHECKS, LEAVES, MANIFEST, Part
from events.archive.leaves import LeafFile
from events.archive.removal import last_part
from events.models import ArchivedCheck, ArchivedStretch, ArchivePart

_SUFFIXES = (CHECKS, LEAVES, MANIFEST)


class PartDifference(NamedTuple):
    """Something in the archive that was changed after it was written."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"archive, {self.name}: {self.problem}"


class PartVerified(NamedTuple):
    """A verified part: how much it has, what is wrong, and its leaves if the file exists."""

    checks: int
    events: int
    differences: list[PartDifference]
    leaves: LeafFile | None


def verify_archive(folder: Path, *, numbers: Iterable[int] | None = None) -> Iterator[PartVerified]:
    """Verify the listed parts, or only these numbers; without numbers also look for stray files."""
    listed = ArchivePart.objects.order_by("number")
    if numbers is not None:
        listed = listed.filter(number__in=list(numbers))
    for row in list(listed):
        yield _verify(Part(folder, row.number, row.day), row)
    if numbers is None:
        strays = list(_strays(folder, {row.number: row.day.isoformat() for row in listed}))
        yield PartVerified(0, 0, strays, None)


def unfinished(folder: Path) -> list[int]:
    """Return the numbers of complete parts that are not listed, because archive_events was interrupted."""
    last = last_part()
    found = (each for each in parts.files_in(folder) if each.suffix == MANIFEST)
    return sorted(each.part.number for each in found if each.part.number > last)


def _verify(part: Part, row: ArchivePart) -> PartVerified:
    inspection, problems = inspected(part)
    if inspection is not None:
        problems += _beside_the_list(inspection, row)
    path = part.path(LEAVES)
    leaves = None
    if inspection is not None and path.is_file():
        leaves = LeafFile(path, inspection.manifest.first, inspection.manifest.last)
    differences = [PartDifference(f"part {part.number}", problem) for problem in problems]
    checks, events = (len(inspection.orders), len(inspection.leaves)) if inspection is not None else (0, 0)
    return PartVerified(checks, events, differences, leaves)


def _beside_the_list(inspection: Inspection, row: ArchivePart) -> Iterator[str]:
    manifest = inspection.part.path(MANIFEST).read_bytes()
    if sha256(manifest).digest() != bytes(row.manifest_sha256):
        yield "the manifest is not the one that was listed"
    listed = dict(ArchivedCheck.objects.filter(part=row).values_list("check_id", "order_id"))
    for check_id in sorted(listed.keys() - inspection.orders.keys()):
        yield f"check {check_id} is missing"
    for check_id in sorted(inspection.orders.keys() - listed.keys()):
        yield f"check {check_id} is not listed there"
    for check_id in sorted(listed.keys() & inspection.orders.keys()):
        if listed[check_id] != inspection.orders[check_id]:
            yield f"check {check_id} is listed with another order"
    if (row.checks, row.events) != (len(inspection.orders), len(inspection.leaves)):
        yield f"{row.checks} checks and {row.events} events were listed"
    stretches = dict(ArchivedStretch.objects.filter(part=row).values_list("seal_id", "events"))
    if stretches != {seal.number: seal.events for seal in inspection.manifest.seals}:
        yield "the seals over it are not those that were listed"


def _strays(folder: Path, days: dict[int, str]) -> Iterator[PartDifference]:
    """Yield the files that belong to no part. Those after the last part are of an interrupted run."""
    last = max(days, default=0)
    for path, suffix, part in ((each.path, each.suffix, each.part) for each in parts.files_in(folder)):
        is_listed = days.get(part.number) == part.day.isoformat() and suffix in _SUFFIXES
        if part.number <= last and not is_listed:
            yield PartDifference(str(path.relative_to(folder)), "no part that is listed has this file")
    known = {each.path for each in parts.files_in(folder)}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in known:
            yield PartDifference(str(path.relative_to(folder)), "it is no file of the archive")

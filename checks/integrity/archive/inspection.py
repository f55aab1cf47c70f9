"""Verifying a part from its files alone: the files against the manifest, the checks against their events."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.integrity.archive import parts
from checks.integrity.archive.export import leaf_of
from checks.integrity.archive.lines import as_compared, rows_in
from checks.integrity.archive.parts import CHECKS, LEAVES, Manifest, Part
from checks.integrity.verification.comparing import compare
from checks.integrity.verification.reading import COMPARED
from events.archive.leaves import Leaf, encoded, place

UNREADABLE = (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError)

_SALT, _ORDER_ID = (COMPARED.checks.index(name) for name in ("order_salt", "order_id"))


@dataclass
class Inspection:
    """The contents of a part's files; complete after `problems` has been read to its end."""

    part: Part
    manifest: Manifest
    orders: dict[int, int] = field(default_factory=dict)
    records: int = 0
    leaves: list[Leaf] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the files, the checks and the counts."""
        yield from self._files()
        try:
            for line in parts.lines(self.part.path(CHECKS)):
                yield from self._check(line)
        except UNREADABLE as error:
            yield f"its checks cannot be read: {error!r}"
        self.leaves.sort(key=place)
        yield from self._counts()

    def _files(self) -> Iterator[str]:
        for suffix in (CHECKS, LEAVES):
            path = self.part.path(suffix)
            if not path.is_file():
                yield f"the file {path.name} is missing"
            elif parts.facts_of(path) != self.manifest.files.get(path.name):
                yield f"the file {path.name} is not as it was written"

    def _check(self, line: bytes) -> Iterator[str]:
        rows = rows_in(line)
        check = rows.checks[0]
        check_id = check[0]
        if check_id in self.orders:
            yield f"check {check_id} is there twice"
            return
        self.orders[check_id] = check[_ORDER_ID]
        self.records += len(rows.history)
        self.leaves += map(leaf_of, rows.events)
        if check[_SALT]:
            yield f"check {check_id} holds personal data"
        yield from map(str, compare(check_id, as_compared(rows)))

    def _counts(self) -> Iterator[str]:
        manifest = self.manifest
        expected = (manifest.checks, manifest.events, manifest.records, manifest.orders)
        found = (len(self.orders), len(self.leaves), self.records, len(set(self.orders.values())))
        for name, had, value in zip(("checks", "events", "records", "orders"), expected, found, strict=True):
            if had != value:
                yield f"the manifest says {had} {name}, its checks have {value}"
        try:
            if self.part.path(LEAVES).read_bytes() != encoded(self.leaves):
                yield "the leaves are not those of its events"
        except OSError:
            pass  # reported already


def inspected(part: Part) -> tuple[Inspection | None, list[str]]:
    """Read a whole part, and return its contents with what is wrong; no contents without a manifest."""
    try:
        manifest = parts.read_manifest(part.path(parts.MANIFEST).read_bytes())
    except FileNotFoundError:
        return None, ["the manifest is missing"]
    except UNREADABLE as error:
        return None, [f"the manifest cannot be read: {error!r}"]
    inspection = Inspection(part, manifest)
    problems = list(inspection.problems())
    if (manifest.number, manifest.day) != (part.number, part.day.isoformat()):
        problems.append("the manifest is of another part")
    return inspection, problems

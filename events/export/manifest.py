"""The manifest of an export: every file with its checksum, and the position up to which it is complete.

The manifest is written last. A file that it does not name does not count, and the next run removes it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from events.export.errors import ExportDiffersError
from events.export.places import Place, replace
from events.feed.cursor import cursor_of, position_at
from events.feed.reading import BEGINNING, Position
from events.models import Seal
from events.seals.form import seal_form

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True)
class ExportedFile:
    """A complete file: the events of one day (UTC) in a stretch of the feed."""

    name: str
    day: str
    events: int
    bytes: int
    sha256: str


@dataclass
class Manifest:
    """`through` is the watermark: the files have all events up to it that the filters keep."""

    format: str
    filters: dict[str, str]
    columns: list[str]
    through: Position = BEGINNING
    files: list[ExportedFile] = field(default_factory=list)
    seals: dict[str, Any] | None = None

    @property
    def events(self) -> int:
        return sum(file.events for file in self.files)

    def text(self) -> bytes:
        form = {
            "version": VERSION,
            "format": self.format,
            "filters": self.filters,
            "columns": self.columns,
            "through": cursor_of(self.through),
            "events": self.events,
            "bytes": sum(file.bytes for file in self.files),
            "seals": self.seals,
            "files": [asdict(file) for file in self.files],
        }
        return json.dumps(form, ensure_ascii=False, indent=1).encode() + b"\n"


def load(place: Place, address: str, *, wanted: Manifest) -> Manifest:
    """Return the manifest in this place, or the wanted one if there is none.

    Raises ExportDiffersError if the place has an export with other options.
    """
    content = place.read(NAME)
    if content is None:
        return wanted
    found = json.loads(content)
    same = (found["version"], found["format"], found["filters"], found["columns"])
    if same != (VERSION, wanted.format, wanted.filters, wanted.columns):
        options = " ".join(
            [found["format"], *(f"--{name} {text}" for name, text in found["filters"].items())]
        )
        raise ExportDiffersError(place=address, options=options)
    return Manifest(
        format=found["format"],
        filters=found["filters"],
        columns=found["columns"],
        through=position_at(found["through"]),
        files=[ExportedFile(**file) for file in found["files"]],
        seals=found["seals"],
    )


def save(manifest: Manifest, place: Place) -> None:
    replace(place, NAME, manifest.text())


def covered_seals(through: Position, database: str) -> dict[str, Any] | None:
    """Return the last seal that ends at or before the position. It covers all seals before it."""
    within = RawSQL("(last_tx_id, last_id) <= (%s, %s)", tuple(through), BooleanField())
    last = Seal.objects.using(database).filter(within).order_by("-number").first()
    return seal_form(last) if last else None


def named(manifest: Manifest) -> Iterable[str]:
    return {file.name for file in manifest.files}

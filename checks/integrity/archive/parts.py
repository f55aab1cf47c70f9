"""The files of a part: their names, their manifest, and how each is written whole or not at all."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

from events.feed.reading import Position
from foundation.files import written

FORMAT = "forfar-archive-1"
CHECKS, LEAVES, MANIFEST, UNFINISHED = ".ndjson.gz", ".leaves", ".json", ".tmp"
CHUNK = 1 << 20

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OURS = "|".join(re.escape(each) for each in (CHECKS, LEAVES, MANIFEST))
_NAME = re.compile(rf"([0-9]{{8,}})((?:{_OURS})(?:{re.escape(UNFINISHED)})?)")


class Part(NamedTuple):
    """Where a part is: in a folder for its day, under its number."""

    folder: Path
    number: int
    day: date

    def path(self, suffix: str) -> Path:
        return self.folder / self.day.isoformat() / f"{self.number:08d}{suffix}"

    @property
    def is_complete(self) -> bool:
        return self.path(MANIFEST).exists()


class FileFacts(NamedTuple):
    """What a file has to be."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class SealFacts:
    """A seal that covers some events of the part, with its hash and root for whoever has only files."""

    number: int
    events: int
    hash: str
    root: str


@dataclass(frozen=True)
class Manifest:
    """What a part holds. `log` is the first seal's hash, which no two logs share."""

    log: str
    number: int
    day: str
    orders: int
    checks: int
    events: int
    records: int
    first: Position
    last: Position
    files: dict[str, FileFacts]
    seals: list[SealFacts]

    def encoded(self) -> bytes:
        fields = {**asdict(self), "files": {name: facts._asdict() for name, facts in self.files.items()}}
        return (json.dumps({"format": FORMAT, **fields}, indent=1) + "\n").encode()


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest; raises ValueError, LookupError or TypeError for what is none."""
    fields: dict[str, Any] = json.loads(content)
    if fields.pop("format") != FORMAT:
        raise ValueError("another format")
    lists = {
        "first": Position(*fields["first"]),
        "last": Position(*fields["last"]),
        "files": {name: FileFacts(**facts) for name, facts in fields["files"].items()},
        "seals": [SealFacts(**facts) for facts in fields["seals"]],
    }
    return Manifest(**{**fields, **lists})


class Found(NamedTuple):
    """A file below the folder that is named like one of a part."""

    part: Part
    suffix: str
    path: Path


def files_in(folder: Path) -> Iterator[Found]:
    """Yield what is in the folders of the days, by names; what is named otherwise is not ours."""
    for path in sorted(folder.glob("*/*")):
        name, day = _NAME.fullmatch(path.name), _day(path.parent.name)
        if name and day and path.is_file():
            yield Found(Part(folder, int(name[1]), day), name[2], path)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # 2026-13-01
        return None


def facts_of(path: Path) -> FileFacts:
    """Read the file, and return what it is."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileFacts(size, digest.hexdigest())


def write(path: Path, content: bytes, step: Callable[[str], None]) -> None:
    """Write a file in one durable step; `step` hears when it is there under its temporary name."""
    with _durable(path, step) as file:
        file.write(content)


@contextmanager
def compressed(path: Path, step: Callable[[str], None]) -> Iterator[IO[bytes]]:
    """Give a file to write to, which is compressed, and there when all has been written."""
    with _durable(path, step) as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        yield packed  # type: ignore[misc]


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a compressed file; raises OSError, EOFError or zlib.error for a broken one."""
    with gzip.open(path, "rb") as file:
        yield from file


def _durable(path: Path, step: Callable[[str], None]) -> AbstractContextManager[IO[bytes]]:
    part = path.with_name(path.name + UNFINISHED)
    return written(path, part=part, step=lambda done: step(f"{path.suffix} is {done}"))

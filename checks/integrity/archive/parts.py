"""The files of a part: their names, the manifest, and writing each file completely or not at all."""

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
BYTES_PER_READ = 1 << 20

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OURS = "|".join(re.escape(each) for each in (CHECKS, LEAVES, MANIFEST))
_NAME = re.compile(rf"([0-9]{{8,}})((?:{_OURS})(?:{re.escape(UNFINISHED)})?)")


class Part(NamedTuple):
    """The place of a part: its day's folder and its number."""

    folder: Path
    number: int
    day: date

    def path(self, suffix: str) -> Path:
        return self.folder / self.day.isoformat() / f"{self.number:08d}{suffix}"

    @property
    def is_complete(self) -> bool:
        return self.path(MANIFEST).exists()


class FileFacts(NamedTuple):
    """The size and the hash that a file must have."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class SealFacts:
    """A seal that covers events of the part, with its hash and root for readers who have only the files."""

    number: int
    events: int
    hash: str
    root: str


@dataclass(frozen=True)
class Manifest:
    """The contents of a part. `log` is the hash of the first seal, which identifies the log."""

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
    """Return the manifest; raises ValueError, LookupError or TypeError if it is no manifest."""
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
    """A file whose name is that of a part's file."""

    part: Part
    suffix: str
    path: Path


def files_in(folder: Path) -> Iterator[Found]:
    """Yield the files of parts in the folders of the days, ordered by name; skip all others."""
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
    """Read the file, and return its size and hash."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(BYTES_PER_READ):
            digest.update(chunk)
            size += len(chunk)
    return FileFacts(size, digest.hexdigest())


def write(path: Path, content: bytes, step: Callable[[str], None]) -> None:
    """Write a file in one durable step; `step` is called before and after it gets its final name."""
    with _durable(path, step) as file:
        file.write(content)


@contextmanager
def compressed(path: Path, step: Callable[[str], None]) -> Iterator[IO[bytes]]:
    """Yield a compressed file to write to; it gets its final name at the end of the block."""
    with _durable(path, step) as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        yield packed  # type: ignore[misc]


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a compressed file; raises OSError, EOFError or zlib.error for a broken one."""
    with gzip.open(path, "rb") as file:
        yield from file


def _durable(path: Path, step: Callable[[str], None]) -> AbstractContextManager[IO[bytes]]:
    part = path.with_name(path.name + UNFINISHED)
    return written(path, part=part, step=lambda done: step(f"{path.suffix} is {done}"))

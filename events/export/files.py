"""Writes rows into files, one for each day, with few files open at a time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from io import BufferedWriter, RawIOBase
from typing import Any, Protocol

from events.export.manifest import ExportedFile
from events.export.places import Output, Place
from events.export.rows import HEAD

BUFFER_BYTES = 8_000_000
OPEN_DAYS = 4  # enough, because the feed is nearly in the order of time

Progress = Callable[[int], object]


class Encoder(Protocol):
    """How rows become the bytes of a file."""

    def add(self, rows: bytes) -> None: ...

    def end(self) -> None: ...


MakeEncoder = Callable[["CountedOutput"], Encoder]


class CountedOutput:
    """An output that counts its bytes and knows their checksum. pyarrow accepts it as a file."""

    closed = False

    def __init__(self, output: Output) -> None:
        self._output = output
        self._abandoned = False
        self.bytes = 0
        self.sha256 = sha256()

    def write(self, data: Any) -> int:
        if self._abandoned:  # pyarrow writes the end of its file when it is garbage-collected
            return len(data)
        self._output.write(data)
        self.sha256.update(data)
        self.bytes += len(data)
        return len(data)

    def tell(self) -> int:
        return self.bytes

    def flush(self) -> None:
        """Do nothing: only `finish` completes the file."""

    def close(self) -> None:
        """Do nothing: only `finish` completes the file."""

    def finish(self) -> None:
        self._output.finish()

    def abandon(self) -> None:
        self._abandoned = True
        self._output.abandon()


class CsvEncoder:
    head = HEAD

    def __init__(self, output: CountedOutput) -> None:
        self._output = output
        if self.head:
            output.write(self.head)

    def add(self, rows: bytes) -> None:
        self._output.write(rows)

    def end(self) -> None:
        """Do nothing: nothing follows the last row."""


class JsonEncoder(CsvEncoder):
    head = b""


class DayFile:
    def __init__(self, place: Place, name: str, day: str, make_encoder: MakeEncoder) -> None:
        self._name, self._day = name, day
        self._output = CountedOutput(place.output(name))
        self._encoder = make_encoder(self._output)
        self._events = 0

    def add(self, rows: bytes, events: int) -> None:
        self._encoder.add(rows)
        self._events += events

    def finish(self) -> ExportedFile:
        self._encoder.end()
        self._output.finish()
        digest = self._output.sha256.hexdigest()
        return ExportedFile(self._name, self._day, self._events, self._output.bytes, digest)

    def abandon(self) -> None:
        self._output.abandon()


class DayFiles(RawIOBase):
    """Takes lines, some megabytes at a time. One call per event would take as long as PostgreSQL does.

    One thread divides, hashes and writes them while the next ones are read. At most one buffer waits for it.
    """

    def __init__(
        self, place: Place, name: str, make_encoder: MakeEncoder, day: slice, progress: Progress
    ) -> None:
        self._place, self._name, self._make_encoder = place, name, make_encoder
        self._day, self._progress = day, progress
        self._cut = b""
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None
        self._open: dict[bytes, DayFile] = {}
        self._finished: list[ExportedFile] = []
        self._abandoned = False

    def buffered(self) -> BufferedWriter:
        """Return the buffer that COPY writes into. Flush it at the end."""
        return BufferedWriter(self, BUFFER_BYTES)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if not self._abandoned:
            self._wait()
            self._writing = self._writer.submit(self._take, bytes(data))
        return len(data)

    def finish(self) -> list[ExportedFile]:
        """Finish all files and return them."""
        self._wait()
        self._writer.shutdown()
        self._finish_but(0)
        return self._finished

    def abandon(self) -> None:
        """Close the unfinished files without giving them their names."""
        self._abandoned = True
        self._writer.shutdown()
        for file in self._open.values():
            file.abandon()

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _take(self, data: bytes) -> None:
        if self._cut or not data.endswith(b"\n"):
            whole, end, self._cut = (self._cut + data).rpartition(b"\n")
            data = whole + end
        for day, (rows, events) in self._by_day(data).items():
            file = self._open.pop(day, None) or self._new_file(day.decode())
            self._open[day] = file  # the most recently used one is last
            file.add(rows, events)
            self._progress(events)
            self._finish_but(OPEN_DAYS)

    def _by_day(self, data: bytes) -> dict[bytes, tuple[bytes, int]]:
        """Divide lines by day. Usually they all have one day, which a count shows without a look at each."""
        lines, begin = data.count(b"\n"), data[: self._day.stop]
        if 1 + data.count(b"\n" + begin) == lines:
            return {begin[self._day]: (data, lines)}
        divided: dict[bytes, list[bytes]] = {}
        for line in data.splitlines(keepends=True):
            divided.setdefault(line[self._day], []).append(line)
        return {day: (b"".join(rows), len(rows)) for day, rows in divided.items()}

    def _finish_but(self, left: int) -> None:
        for day in list(self._open)[: len(self._open) - left if left else None]:
            self._finished.append(self._open.pop(day).finish())

    def _new_file(self, day: str) -> DayFile:
        number = len(self._finished) + len(self._open)
        name = self._name.replace("*", f"{number:04}")
        return DayFile(self._place, f"day={day}/{name}", day, self._make_encoder)

"""Where an export goes: a folder, or a bucket by its address. A file is there whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from events.export.errors import BadPlaceError, ExportNeedsPackageError
from foundation import files

UNFINISHED = ".part"
SYNCED_BYTES = 1_000_000  # at once, while the next are read: else the end of a file waits for all of it


class Output(Protocol):
    """A file that is being written; under its name only when it is finished."""

    def write(self, data: bytes) -> Any: ...

    def finish(self) -> None: ...

    def abandon(self) -> None:
        """Let go of it; what is left of it the next run removes."""


class Place(Protocol):
    def output(self, name: str) -> Output: ...

    def read(self, name: str) -> bytes | None:
        """Return what the file holds, None where there is none."""

    def names(self) -> Iterator[str]:
        """Yield the names of all files, unfinished ones too."""

    def remove(self, name: str) -> None: ...


def place_at(address: str) -> Place:
    """Return the place of a folder's path or an address with a scheme, such as s3://bucket/folder."""
    return Bucket(address) if "://" in address else Folder(Path(address))


def replace(place: Place, name: str, content: bytes) -> None:
    """Put a small file there, in the place of the one that had its name."""
    output = place.output(name)
    output.write(content)
    output.finish()


class Folder:
    """A folder: written under another name, synced, renamed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadPlaceError(place=path, reason=error.strerror) from error

    def output(self, name: str) -> "FileOutput":
        path = self._path / name
        files.make_folder(path.parent)
        return FileOutput(path)

    def read(self, name: str) -> bytes | None:
        path = self._path / name
        return path.read_bytes() if path.exists() else None

    def names(self) -> Iterator[str]:
        for path in self._path.rglob("*"):
            if path.is_file():
                yield path.relative_to(self._path).as_posix()

    def remove(self, name: str) -> None:
        (self._path / name).unlink()


class FileOutput:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(path.name + UNFINISHED)
        self._file = self._unfinished.open("wb")

    def write(self, data: bytes) -> Any:
        self._file.write(data)
        if len(data) >= SYNCED_BYTES:
            files.sync(self._file)

    def finish(self) -> None:
        with self._file:
            files.sync(self._file)
        files.put_in_place(self._unfinished, self._path)

    def abandon(self) -> None:
        self._file.close()


class Bucket:
    """What pyarrow reaches: S3 and the like. An object is there when its upload has been completed."""

    def __init__(self, address: str) -> None:
        try:
            from pyarrow import fs
        except ImportError as error:
            raise ExportNeedsPackageError from error
        try:
            self._files, self._path = fs.FileSystem.from_uri(address)
        except (OSError, ValueError) as error:
            raise BadPlaceError(place=address.split("?")[0], reason=error) from error
        self._everything = fs.FileSelector(self._path, allow_not_found=True, recursive=True)
        self._is_local = isinstance(self._files, fs.LocalFileSystem)

    def output(self, name: str) -> "ObjectOutput":
        path = f"{self._path}/{name}"
        if self._is_local:
            self._files.create_dir(path.rpartition("/")[0])
        return ObjectOutput(self._files.open_output_stream(path))

    def read(self, name: str) -> bytes | None:
        try:
            with self._files.open_input_stream(f"{self._path}/{name}") as stream:
                content: bytes = stream.read()
        except FileNotFoundError:
            return None
        return content

    def names(self) -> Iterator[str]:
        for found in self._files.get_file_info(self._everything):
            if found.is_file:
                yield found.path.removeprefix(f"{self._path}/")

    def remove(self, name: str) -> None:
        self._files.delete_file(f"{self._path}/{name}")


class ObjectOutput:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, data: bytes) -> Any:
        return self._stream.write(data)

    def finish(self) -> None:
        self._stream.close()

    def abandon(self) -> None:
        self._stream.close()

"""Files that are there whole or not at all, also after a power cut."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Save under exactly the given name and replace what is there in one durable step.

    A failure leaves the old file, or none. A power cut may leave a hidden `.part` file, which nothing reads.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if max_length is not None and len(name) > max_length:
            raise SuspiciousFileOperation(f"The file name is longer than {max_length} characters.")
        return name

    def delete(self, name: str) -> None:
        """Delete the file, so that a power cut does not bring it back."""
        super().delete(name)
        with suppress(FileNotFoundError):
            sync_folder(Path(self.path(name)).parent)

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        make_folder(path.parent, mode=self.directory_permissions_mode)
        with written(path, part=path.with_name(f".{secrets.token_hex(8)}.part")) as file:
            for chunk in content.chunks():
                file.write(chunk if isinstance(chunk, bytes) else chunk.encode())
            if self.file_permissions_mode is not None:
                os.fchmod(file.fileno(), self.file_permissions_mode)
        return name.replace("\\", "/")


@contextmanager
def written(path: Path, *, part: Path, step: Callable[[str], None] | None = None) -> Iterator[IO[bytes]]:
    """Give a file to write to, which has its name when the block has ended.

    1. Write `part`. 2. Sync it. 3. Rename it to `path`. 4. Sync the folder.
    An error removes `part` and leaves the file that had the name.
    `step` is called with "written" after 2 and with "named" after 4.
    """
    say = step or (lambda _done: None)
    try:
        with part.open("wb") as file:
            yield file
            sync(file)
        say("written")
        put_in_place(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    say("named")


def put_in_place(part: Path, path: Path) -> None:
    """Rename a synced file in its folder, replacing what has the name."""
    part.replace(path)
    sync_folder(path.parent)


def sync(file: IO[bytes]) -> None:
    """Wait until the disk has what was written to an open file."""
    file.flush()
    os.fsync(file.fileno())


def make_folder(folder: Path, *, mode: int | None = None) -> None:
    """Make a folder and those above it, if they are missing, so that a power cut does not take them back."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode=mode)
    folder.mkdir(mode=0o777 if mode is None else mode, exist_ok=True)
    if mode is not None:
        folder.chmod(mode)  # mkdir's own mode is subject to the umask
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's entries: a rename changes the folder, not the file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

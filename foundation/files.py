"""Files that are either whole or not there."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Saves under exactly the given name, replacing what is there in one durable step.

    1. write beside the final name; 2. fsync the file; 3. rename it; 4. fsync the folder. A failure leaves
    the old file, or none. A power cut may leave a hidden `.part` file, which nothing reads.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if max_length is not None and len(name) > max_length:
            raise SuspiciousFileOperation(f"The file name is longer than {max_length} characters.")
        return name

    def delete(self, name: str) -> None:
        """Delete the file for good: after a power cut it must not be there again."""
        super().delete(name)
        with suppress(FileNotFoundError):
            sync_folder(Path(self.path(name)).parent)

    def _save(self, name: str, content: "File[Any]") -> str:
        final = Path(self.path(name))
        self._ensure_folder(final.parent)
        part = final.with_name(f".{secrets.token_hex(8)}.part")
        try:
            self._write(part, content)
            part.replace(final)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(final.parent)
        return name.replace("\\", "/")

    def _ensure_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        mode = self.directory_permissions_mode
        folder.mkdir(mode=0o777 if mode is None else mode, parents=True, exist_ok=True)
        if mode is not None:
            folder.chmod(mode)  # mkdir's own mode is subject to the umask

    def _write(self, part: Path, content: "File[Any]") -> None:
        with part.open("xb") as file:
            for chunk in content.chunks():
                file.write(chunk if isinstance(chunk, bytes) else chunk.encode())
            file.flush()
            if self.file_permissions_mode is not None:
                os.fchmod(file.fileno(), self.file_permissions_mode)
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

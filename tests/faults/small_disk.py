"""A small disk of its own for a folder; root writes past permissions, but not past its limits."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.reach import until


@contextmanager
def mounted(folder: Path, megabytes: int, mode: str = "0700") -> Iterator[bool]:
    """Mount a disk on this folder until the end of the block; gives False where that is not allowed."""
    options = f"size={megabytes}m,mode={mode}"
    if not mount("-t", "tmpfs", "-o", options, "forfar-faults", str(folder)):
        yield False
        return
    try:
        yield True
    finally:
        command = ["umount", str(folder)]
        until(lambda: not subprocess.run(command, check=False).returncode, "the disk is unmounted")


def mount(*arguments: str) -> bool:
    return not subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def fill(filler: Path) -> None:
    """Write until the disk has no room."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))

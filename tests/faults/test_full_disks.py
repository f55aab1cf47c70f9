"""The disk under the PDFs gives out; the service survives …"""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.conftest import Flowing
from tests.faults.stack import Stack, until

pytestmark = pytest.mark.faults


@pytest.fixture
def disk(stack: Stack) -> Iterator[Path]:
    """A small disk of its own for the PDFs; root writes past permissions, but not past these limits."""
    folder = stack.media / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    if not mount("-t", "tmpfs", "-o", "size=8m,mode=0755", "forfar-faults", str(folder)):
        pytest.skip("NOT TESTED: full and read-only disks. This user may not mount a small one here.")
    yield folder
    until(
        lambda: not subprocess.run(["umount", str(folder)], check=False).returncode, "the disk is unmounted"
    )


def mount(*arguments: str) -> bool:
    return not subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def test_it_survives_the_disk_full(stack: Stack, disk: Path, flow: Flowing) -> None:
    with flow() as flowing:
        filler = disk / ".filler"
        fill(filler)
        until(lambda: flowing.events("render_attempt_failed", "storage"), "a PDF could not be stored")
        filler.unlink()


def test_it_survives_the_media_folder_read_only(stack: Stack, disk: Path, flow: Flowing) -> None:
    with flow() as flowing:
        until(lambda: mount("-o", "remount,ro", str(disk)), "no file is being written")
        until(lambda: flowing.events("render_attempt_failed", "storage"), "a PDF could not be stored")
        assert mount("-o", "remount,rw", str(disk))


def fill(filler: Path) -> None:
    """Write until the disk has no room."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))

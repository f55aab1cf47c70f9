"""The disk under the PDFs gives out; the service survives …"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Flowing
from tests.faults.reach import until
from tests.faults.small_disk import fill, mount, mounted
from tests.faults.stack import Stack

pytestmark = pytest.mark.faults


@pytest.fixture
def disk(stack: Stack) -> Iterator[Path]:
    """A small disk of its own for the PDFs."""
    folder = stack.media / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    with mounted(folder, megabytes=64, mode="0755") as has_disk:
        if not has_disk:
            pytest.skip("NOT TESTED: full and read-only disks. This user may not mount a small one here.")
        yield folder


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

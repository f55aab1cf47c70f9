"""The atomic storage…"""

import os
import stat

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File

from foundation import files
from foundation.files import AtomicFileSystemStorage

NAME = "pdf/1_client.pdf"


class BrokenFile(File):
    """Fails after its first chunk."""

    def __init__(self, error):
        super().__init__(None)
        self.error = error

    def chunks(self, chunk_size=None):
        yield b"half"
        raise self.error


@pytest.fixture
def storage(tmp_path):
    return AtomicFileSystemStorage(location=tmp_path)


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_it_saves_under_the_given_name(storage, tmp_path):
    assert storage.save(NAME, ContentFile(b"one")) == NAME
    assert (tmp_path / NAME).read_bytes() == b"one"
    assert names(tmp_path / "pdf") == ["1_client.pdf"]


def test_it_replaces_what_is_there(storage, tmp_path):
    storage.save(NAME, ContentFile(b"one"))
    assert storage.save(NAME, ContentFile(b"two")) == NAME
    assert (tmp_path / NAME).read_bytes() == b"two"
    assert names(tmp_path / "pdf") == ["1_client.pdf"]


@pytest.mark.parametrize("error", [OSError("no space"), KeyboardInterrupt()])
def test_it_leaves_the_old_file_when_it_fails_halfway(storage, tmp_path, error):
    storage.save(NAME, ContentFile(b"one"))
    with pytest.raises(type(error)):
        storage.save(NAME, BrokenFile(error))
    assert (tmp_path / NAME).read_bytes() == b"one"
    assert names(tmp_path / "pdf") == ["1_client.pdf"]


def test_it_leaves_nothing_when_the_first_write_fails(storage, tmp_path):
    with pytest.raises(OSError, match="no space"):
        storage.save(NAME, BrokenFile(OSError("no space")))
    assert names(tmp_path / "pdf") == []


def test_it_shows_readers_the_old_file_until_the_new_one_is_whole(storage, tmp_path):
    seen = []

    class Watching(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"new "
            seen.append((tmp_path / NAME).read_bytes())
            yield b"file"

    storage.save(NAME, ContentFile(b"old"))
    storage.save(NAME, Watching(b""))
    assert seen == [b"old"]
    assert (tmp_path / NAME).read_bytes() == b"new file"


def test_it_syncs_the_file_before_the_rename_and_the_folder_after(storage, tmp_path, monkeypatch):
    steps = []
    real_fsync = os.fsync

    def fsync(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append(("folder" if is_folder else "file", (tmp_path / NAME).exists()))
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    storage.save(NAME, ContentFile(b"one"))
    new_folder, *of_the_file = steps
    assert new_folder == ("folder", False)  # the one above it
    assert of_the_file == [("file", False), ("folder", True)]


def test_it_gives_the_permissions_of_the_settings(tmp_path):
    storage = AtomicFileSystemStorage(
        location=tmp_path, file_permissions_mode=0o640, directory_permissions_mode=0o750
    )
    storage.save(NAME, ContentFile(b"one"))
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "pdf").stat().st_mode) == 0o750


def test_it_never_shortens_a_name(storage):
    with pytest.raises(SuspiciousFileOperation):
        storage.save(NAME, ContentFile(b"one"), max_length=5)


def test_it_stays_inside_its_folder(storage):
    with pytest.raises(SuspiciousFileOperation):
        storage.save("../outside.pdf", ContentFile(b"one"))


def test_it_makes_folders_that_survive_a_power_cut(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    files.make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]

    files.make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]


def test_it_tells_what_is_done_and_removes_the_part_when_told_to_stop(tmp_path):
    done = []

    def stop(step):
        done.append(step)
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        files.written(tmp_path / "x", part=tmp_path / "x.tmp", step=stop) as file,
    ):
        file.write(b"one")
    assert (done, names(tmp_path)) == (["written"], [])

"""The folder of the sockets …"""

from pathlib import Path

import pytest

from dev.server import places
from dev.server.errors import DevServerError

TEMPORARY = "/tmp"  # noqa: S108  only as a name


@pytest.mark.parametrize("name", ["var", "мои данные", "a, b", 'o\'clock "quoted" $x', "deep/" * 60])
def test_it_has_a_short_plain_name_whatever_the_data_folder_is_called(name: str) -> None:
    folder = places.socket_folder_name(TEMPORARY, Path("/srv") / name, 1000)
    assert folder.parent == Path(TEMPORARY)
    assert len(f"{folder}{places.LONGEST_SOCKET_NAME}") <= places.SOCKET_PATH_LIMIT
    assert str(folder).isascii()


def test_it_differs_by_data_folder_and_by_user() -> None:
    one = places.socket_folder_name(TEMPORARY, Path("/srv/one"), 1000)
    assert one != places.socket_folder_name(TEMPORARY, Path("/srv/two"), 1000)
    assert one != places.socket_folder_name(TEMPORARY, Path("/srv/one"), 1001)


@pytest.mark.parametrize("temporary", ["/with space", "/with,comma", "/" + "x" * 90, "relative"])
def test_it_leaves_a_temporary_folder_that_addresses_cannot_name(temporary: str) -> None:
    assert places.socket_folder_name(temporary, Path("/srv/one"), 1000).parent == Path(TEMPORARY)


def test_it_refuses_what_is_no_folder_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = tmp_path / "link"
    link.symlink_to(elsewhere)
    monkeypatch.setattr(places, "socket_folder_name", lambda *_: link)
    with pytest.raises(DevServerError, match="belongs to another user"):
        places.make_socket_folder(tmp_path)

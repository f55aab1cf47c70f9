"""Three orders that may go, with one in between that may not."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.checks.integrity.archive.helpers import close, create, erase, finished_order, settle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The archive, which is empty."""
    path = tmp_path / "archive"
    path.mkdir()
    return path


@pytest.fixture
def orders(printers: Any, file: Path) -> list[int]:
    """Orders 1, 2 and 4, finished, erased, sealed; order 3 is open, and its events lie between theirs."""
    finished_order(1)
    second, _open = create(2), create(3)
    settle()
    close(second)
    finished_order(4)
    settle()
    for order_id in (1, 2, 4):
        erase(order_id)
    finished_order(5)  # the last event of a log stays
    settle()
    return [1, 2, 4]

"""A moment as an option of a command …"""

from argparse import ArgumentTypeError
from datetime import datetime, timedelta, timezone

import pytest

from foundation.management.arguments import moment

MOSCOW = timezone(timedelta(hours=3))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-15", datetime(2026, 1, 15, tzinfo=MOSCOW)),
        ("2026-01-15T12:00", datetime(2026, 1, 15, 12, tzinfo=MOSCOW)),
        ("2026-01-15T12:00Z", datetime(2026, 1, 15, 12, tzinfo=timezone.utc)),
        ("2026-01-15T12:00+15:59", datetime(2026, 1, 14, 20, 1, tzinfo=timezone.utc)),
    ],
)
def test_it_is_read(text: str, found: datetime) -> None:
    assert moment(text) == found


@pytest.mark.parametrize("text", ["", "x", "2026-13-01", "2026-01-15T12:00+16:00", "2026-01-15T12:00-23:32"])
def test_it_is_refused_when_the_database_could_not_take_it(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        moment(text)

"""What a verification finds."""

from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """Something that is not as the events have it."""

    check_id: int
    version: int | None
    problem: str

    def __str__(self) -> str:
        where = f"check {self.check_id}" + (f", version {self.version}" if self.version is not None else "")
        return f"{where}: {self.problem}"


class Verified(NamedTuple):
    """Some checks that were looked at: how many they are, how many events they have, and what is wrong."""

    checks: int
    events: int
    differences: list[Difference]


def shown(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    return value.isoformat() if isinstance(value, datetime) else repr(value)

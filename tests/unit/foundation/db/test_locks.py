"""An advisory lock …"""

from foundation.db import locks
from foundation.db.locks import Lock, named


def test_it_has_the_numbers_of_earlier_releases() -> None:
    assert Lock(14, 0) == locks.SEALING
    assert Lock(14, 1) == locks.ARCHIVING
    assert locks.EXPORTS == 24
    assert locks.IDEMPOTENCY_KEYS == 0x1DE4 == 7652


def test_it_has_a_space_of_its_own_for_each_purpose() -> None:
    spaces = {locks.SEALING.space, locks.EXPORTS, locks.IDEMPOTENCY_KEYS}

    assert len(spaces) == 3
    assert locks.SEALING.number != locks.ARCHIVING.number


def test_it_has_the_number_of_its_name() -> None:
    assert named(locks.EXPORTS, "/var/export") == Lock(24, -1442935089)
    assert -(2**31) <= named(locks.IDEMPOTENCY_KEYS, "3:key").number < 2**31

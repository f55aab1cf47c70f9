"""An address …"""

from typing import Any

import pytest

from foundation.http import wrong_keys
from foundation.http.wrong_keys import _network

DIGEST = "f9ab97137af0a3c3e9bca62a4dd1cc9969b760f050ede98d793344beed2df429"


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::7", "2001:db8:0:2::/64"),
        ("nonsense: x", "nonsense: x"),
        ("", ""),
    ],
)
def test_it_counts_as_its_network(address: str, counted_as: str) -> None:
    assert _network(address) == counted_as


def test_its_digest_in_redis_is_the_same_in_every_version(settings: Any) -> None:
    """Processes of two versions count together during a rollout."""
    settings.SECRET_KEY = "not a secret"

    assert wrong_keys.NAMES.startswith("forfar:wrong-keys:")  # and what conftest.py adds
    assert wrong_keys._digest("192.0.2.7") == DIGEST

"""An address …"""

import pytest

from foundation.http.wrong_keys import _network


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

"""The address of a receiver …"""

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from readers.webhooks import addresses
from readers.webhooks.addresses import (
    AddressRefusedError,
    PlainHttpRefusedError,
    PrivateAddressRefusedError,
    Target,
)

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%lo",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names lead to: a stand-in for the network's name server, which tests must not ask."""
    known: dict[str, list[str]] = {}

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.fixture(autouse=True)
def _no_networks(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []


def test_it_is_taken_apart() -> None:
    target = addresses.parse("https://Shop.example:8443/a/b?c=d")

    assert target == Target(True, "shop.example", 8443, "/a/b?c=d", "Shop.example:8443")
    assert addresses.parse("https://shop.example") == Target(True, "shop.example", 443, "/", "shop.example")
    assert addresses.parse("https://[2001:db8::1]/x").host == "2001:db8::1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:secret@shop.example/",
        "https://@shop.example/",
        "https://shop.example/#x",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://shop.example:x/",
        "https://shop example/",
        "https://shop.example/\r\nHost: other",
        "https://магазин.example/",
        "https://[::1/",
    ],
)
def test_it_is_refused_when_it_is_none(text: str) -> None:
    with pytest.raises(AddressRefusedError):
        addresses.parse(text)


def test_it_needs_tls_outside_of_the_named_networks(settings: Any, names: Any) -> None:
    with pytest.raises(PlainHttpRefusedError):
        addresses.parse("http://shop.example/")

    settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/8")]
    names |= {"inside": ["10.1.2.3"], "outside": ["93.184.216.34"]}
    assert addresses.resolve(addresses.parse("http://inside/")) == ["10.1.2.3"]
    with pytest.raises(PlainHttpRefusedError):
        addresses.resolve(addresses.parse("http://outside/"))


def test_it_may_be_public(names: Any) -> None:
    names["shop.example"] = ["93.184.216.34", "2606:2800:220:1::1", "93.184.216.34"]

    found = addresses.resolve(addresses.parse("https://shop.example/"))

    assert found == ["93.184.216.34", "2606:2800:220:1::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_it_must_not_be_private_whatever_it_is_called(names: Any, address: str) -> None:
    names["shop.example"] = ["93.184.216.34", address]

    with pytest.raises(PrivateAddressRefusedError):
        addresses.resolve(addresses.parse("https://shop.example/"))


def test_it_may_be_in_a_network_that_was_named(names: Any, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("fc00::/7")]
    names |= {"shop": ["10.1.2.3", "::ffff:10.0.0.1", "fc00::1"], "other": ["192.168.1.1"]}

    assert len(addresses.resolve(addresses.parse("https://shop/"))) == 3
    with pytest.raises(PrivateAddressRefusedError):
        addresses.resolve(addresses.parse("https://other/"))

"""Where webhooks may go: to public addresses over TLS, and to the networks in WEBHOOK_NETWORKS.

A subscription's address must not lead to something that only the service can reach. So the name is resolved
here and every address it resolves to is checked. `readers.webhooks.http` connects to one of these addresses
and does not resolve again: a name server that gives another answer a moment later (DNS rebinding) changes
nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from foundation.errors import ForFarError, gettext_noop

PORTS = {"https": 443, "http": 80}
# IPv6 ranges that embed an IPv4 address. A translator would connect to that address, whatever it is.
CARRIERS = [
    ip_network(each)
    for each in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


class AddressRefusedError(ForFarError):
    code = "address_refused"
    message = gettext_noop(
        "The address must look like https://host/path, without a user, a password or a fragment."
    )


class PlainHttpRefusedError(AddressRefusedError):
    code = "plain_http_refused"
    message = gettext_noop("http:// is only allowed for the networks in WEBHOOK_NETWORKS: use https://.")


class PrivateAddressRefusedError(AddressRefusedError):
    code = "private_address_refused"
    message = gettext_noop("The name resolves to an address that is neither public nor in WEBHOOK_NETWORKS.")


class Target(NamedTuple):
    """The parts of a receiver's address. `host_header` is the Host header of the request."""

    is_tls: bool
    host: str
    port: int
    path: str
    host_header: str


def parse(address: str) -> Target:
    """Split an address into its parts. Raises AddressRefusedError if it cannot be a receiver's address."""
    if not address.isascii() or not address.isprintable() or " " in address:
        raise AddressRefusedError
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError from error
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or parts.fragment or port == 0:
        raise AddressRefusedError
    if parts.scheme == "http" and not settings.WEBHOOK_NETWORKS:
        raise PlainHttpRefusedError
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", parts.hostname, port or PORTS[parts.scheme], path, parts.netloc)


def resolve(target: Target) -> list[str]:
    """Return the addresses that the target's name resolves to. All of them are allowed.

    Raises OSError if the name does not resolve, and AddressRefusedError if any address is not allowed.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    for text in addresses:
        _require_allowed(ip_address(text.partition("%")[0]), is_tls=target.is_tls)
    return addresses


def _require_allowed(address: IPv4Address | IPv6Address, *, is_tls: bool) -> None:
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in settings.WEBHOOK_NETWORKS):
        return
    if not is_tls:
        raise PlainHttpRefusedError
    if not plain.is_global or plain.is_multicast or any(plain in network for network in CARRIERS):
        raise PrivateAddressRefusedError

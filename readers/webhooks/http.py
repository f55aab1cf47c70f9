"""One POST to a receiver. It is limited in time and in what is read, and goes to an address that was checked.

This uses Python's own HTTP client, which takes a connected socket, follows no redirects and uses no proxies.
docs/decisions/0026-webhooks.md says why no library does it.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import certifi

from readers.webhooks.addresses import AddressRefusedError, Target, parse, resolve

CONNECT_SECONDS = 5
ADDRESSES_TRIED = 2
READ_SECONDS = 10
TOTAL_SECONDS = 15  # for everything, also if the answer comes one byte at a time
READ_BYTES = 16 * 1024
GONE = 410


class Outcome(NamedTuple):
    """The outcome of an attempt: the status, if there was an answer, and our code for a failure."""

    status: int | None
    error: str = ""

    @property
    def is_success(self) -> bool:
        return not self.error


def post(address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send the body and return the outcome. Nothing that a receiver or the network does makes it raise."""
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        target = parse(address)
        connected = _connect(target)
    except AddressRefusedError as error:
        return Outcome(None, error.code)
    except (socket.gaierror, UnicodeError):
        return Outcome(None, "unknown_name")
    except TimeoutError:
        return Outcome(None, "timeout")
    except OSError:
        return Outcome(None, "no_connection")
    if time.monotonic() >= deadline:
        connected.close()
        return Outcome(None, "timeout")
    return _exchange(connected, target, headers, body, deadline)


def _connect(target: Target) -> socket.socket:
    """Connect to the first of the target's addresses that accepts a connection."""
    last: OSError = ConnectionError("The name has no address.")
    for address in resolve(target)[:ADDRESSES_TRIED]:
        try:
            plain = socket.create_connection((address, target.port), CONNECT_SECONDS)
        except OSError as error:
            last = error
            continue
        if not target.is_tls:
            return plain
        return _tls().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
    raise last


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _exchange(
    connected: socket.socket, target: Target, headers: Mapping[str, str], body: bytes, deadline: float
) -> Outcome:
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):  # the connection may have just ended
            # Not SSLSocket.shutdown(), which would take the TLS object away from the reading thread.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    alarm = threading.Timer(deadline - time.monotonic(), cut)
    alarm.daemon = True
    alarm.start()
    try:
        status = _status_of(connected, target, headers, body, late)
    except ssl.SSLError:
        return Outcome(None, "timeout" if late.is_set() else "tls")
    except TimeoutError:
        return Outcome(None, "timeout")
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(None, "timeout" if late.is_set() else "broken_answer")
    finally:
        alarm.cancel()
        connected.close()
    return Outcome(status, "" if 200 <= status < 300 else "gone" if status == GONE else "refused")


def _status_of(
    connected: socket.socket,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    late: threading.Event,
) -> int:
    connected.settimeout(READ_SECONDS)
    if isinstance(connected, ssl.SSLSocket):
        connected.do_handshake()
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = connected
    connection.request(
        "POST", target.path, body, {"Host": target.host_header, **headers, "Connection": "close"}
    )
    with connection.getresponse() as response:
        if late.is_set():  # we cut the answer off, and Python takes that for the end of the headers
            raise TimeoutError
        with suppress(OSError, http.client.HTTPException, ValueError):
            _drain(response)
        return response.status


def _drain(response: http.client.HTTPResponse) -> None:
    """Read a limited part of the body and drop it, so that a normal receiver can finish its answer.

    `read` accepts a chunk size of -1 and then reads without a limit. `read1` only takes what has arrived.
    """
    left = READ_BYTES
    while left > 0 and (piece := response.read1(left)):
        left -= len(piece)

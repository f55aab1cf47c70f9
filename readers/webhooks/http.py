"""One signed POST to a receiver: bounded in time and in what is read, and to the address that was looked at.

Python's own client: it follows no redirect and asks no proxy, and takes a socket that is connected already.
`requests` resolves names by itself, after whoever looked at them.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import certifi

from readers.webhooks.addresses import AddressRefusedError, Target, parse, resolve

CONNECT_SECONDS = 5
ADDRESSES_TRIED = 2
READ_SECONDS = 10
TOTAL_SECONDS = 15  # also for a receiver that answers a byte at a time
READ_BYTES = 16 * 1024
GONE = 410


class Outcome(NamedTuple):
    """What came of an attempt: the answer's status, if there was one, and a code of ours for what failed."""

    status: int | None
    error: str = ""

    @property
    def is_success(self) -> bool:
        return not self.error


def post(address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send the body and tell what came of it. Never raises for what a receiver or the network does."""
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
    return _exchange(connected, target, headers, body)


def _connect(target: Target) -> socket.socket:
    """Connect to the first of the target's addresses that takes a connection."""
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


def _exchange(connected: socket.socket, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):  # it has just ended by itself
            socket.socket.shutdown(
                connected, socket.SHUT_RDWR
            )  # TLS's own would pull it from under the reader

    alarm = threading.Timer(TOTAL_SECONDS, cut)
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
        if late.is_set():  # cut off in the middle, which Python takes for the end of the headers
            raise TimeoutError
        with suppress(OSError, http.client.HTTPException, ValueError):
            _let_it_say(response)
        return response.status


def _let_it_say(response: http.client.HTTPResponse) -> None:
    """Read so much that the receiver can say what it has to say; nobody looks at it.

    `read` believes a chunk that is -1 bytes long, and takes all that comes; `read1` takes what has come.
    """
    left = READ_BYTES
    while left > 0 and (piece := response.read1(left)):
        left -= len(piece)

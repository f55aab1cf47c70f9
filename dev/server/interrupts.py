"""Signals that end us. They are noted, and acted upon only where nothing is half done."""

import signal
from types import FrameType

_received: list[int] = []


class Interrupted(BaseException):
    """Raised by check() after a signal."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.exit_code = 128 + signum


def install() -> None:
    """From now on Ctrl-C, SIGTERM and a closed terminal are noted for check()."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _note)


def check() -> None:
    """Raise Interrupted, once, when a signal has come."""
    if len(_received) == 1:
        _received.append(0)
        raise Interrupted(_received[0])


def _note(signum: int, _frame: FrameType | None) -> None:
    if not _received:
        _received.append(signum)

"""Values that each process makes once: clients, buffers, what it found out about its machine.

A forked child makes its own values. Those of the parent have connections, locks and child processes that two
processes cannot share.
"""

import os
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

_known: list["PerProcess[Any]"] = []


class PerProcess(Generic[Value]):
    """Call it for the process's value, which the first call makes. It belongs at the top of a module."""

    def __init__(
        self,
        make: Callable[[], Value],
        *,
        close: Callable[[Value], None] | None = None,
        is_constant: bool = False,
    ) -> None:
        """`close` lets go of a value; a value `is_constant` if it depends on nothing that a test changes."""
        self._make, self._close, self._is_constant = make, close, is_constant
        self._forget()
        _known.append(self)

    def __call__(self) -> Value:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    def reset(self) -> None:
        """Let go of the value, so that the next call makes another."""
        made = list(self._made)
        self._forget()
        if made and self._close is not None:
            self._close(made[0])

    def _forget(self) -> None:
        """Begin as a new process does. A thread may have held the old lock during the fork."""
        self._lock = Lock()
        self._made: list[Value] = []


def per_process(*, is_constant: bool = False) -> Callable[[Callable[[], Value]], PerProcess[Value]]:
    """Turn a function without arguments into one that runs once in each process."""
    return lambda make: PerProcess(make, is_constant=is_constant)


def reset_all() -> None:
    """Let go of all values but the constant ones. For tests."""
    for each in _known:
        if not each._is_constant:
            each.reset()


def _forget_all() -> None:
    for each in _known:
        each._forget()


os.register_at_fork(after_in_child=_forget_all)

"""A value that is made once in each process …"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from foundation import per_process as module
from foundation.per_process import PerProcess, per_process, reset_all


@pytest.fixture(autouse=True)
def _no_values_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_known", [])


@pytest.fixture
def make() -> Callable[[], int]:
    """Gives 1, then 2, and so on."""
    numbers: Iterator[int] = iter(range(1, 100))
    return lambda: next(numbers)


def in_a_child(holds: Callable[[], bool]) -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0 if holds() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_it_is_made_at_its_first_use_and_then_kept(make: Any) -> None:
    number = PerProcess(make)

    assert (number(), number()) == (1, 1)
    assert make() == 2


def test_it_may_be_none(make: Any) -> None:
    made: list[None] = []
    nothing = PerProcess(lambda: made.append(None))

    assert (nothing(), nothing()) == (None, None)
    assert len(made) == 1


def test_it_is_made_again_when_making_it_failed(make: Any) -> None:
    number = PerProcess(lambda: 1 // (make() - 1))

    with pytest.raises(ZeroDivisionError):
        number()
    assert number() == 1


def test_it_is_made_once_by_threads_that_come_together(make: Any) -> None:
    start = threading.Barrier(8)
    made: list[int] = []

    def slow() -> int:
        start_of_making.wait(0.05)
        return make()

    start_of_making = threading.Event()
    number = PerProcess(slow)

    def use() -> None:
        start.wait()
        made.append(number())

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1] * 8


def test_it_is_another_one_in_a_forked_child(make: Any) -> None:
    closed: list[int] = []
    number = PerProcess(make, close=closed.append)
    assert number() == 1

    assert in_a_child(lambda: number() == 2 and closed == [])  # what the parent made, the parent closes
    assert number() == 1


def test_it_can_be_made_in_a_child_that_was_forked_while_another_thread_made_it(make: Any) -> None:
    number = PerProcess(make)

    with number._lock:
        assert in_a_child(lambda: number() == 1)


def test_it_is_closed_by_a_reset_and_made_again(make: Any) -> None:
    closed: list[int] = []
    number = PerProcess(make, close=closed.append)
    number.reset()
    assert closed == []

    number()
    number.reset()

    assert closed == [1]
    assert number() == 2


def test_it_is_reset_with_all_others_unless_it_is_constant(make: Any) -> None:
    changing, constant = PerProcess(make), per_process(is_constant=True)(make)
    assert (changing(), constant()) == (1, 2)

    reset_all()

    assert (changing(), constant()) == (3, 2)

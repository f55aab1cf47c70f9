"""Load from several processes at once, begun at the same moment."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection as Pipe
from typing import Any, TypeVar

from django.db import connections

from dev.bench.client import Connection
from dev.bench.errors import BenchmarkError

Result = TypeVar("Result")
Ready = Callable[[], object]
LIMIT_SECONDS = 900.0

_processes = multiprocessing.get_context("fork")


def side_by_side(count: int, work: Callable[[int, Ready], Result]) -> list[Result]:
    """Do the work in `count` processes; each calls `ready` once it has prepared itself, and waits there.

    Raises BenchmarkError where one fails; none is left running.
    """
    connections.close_all()  # a connection that two processes share belongs to neither
    barrier = _processes.Barrier(count)
    pipes = [_processes.Pipe(duplex=False) for _ in range(count)]
    children = [
        _processes.Process(target=_child, args=(work, index, barrier, sender), daemon=True)
        for index, (_, sender) in enumerate(pipes)
    ]
    try:
        for child in children:
            child.start()
        for _, sender in pipes:
            sender.close()  # so that a child that dies is heard of
        return [_result(receiver) for receiver, _ in pipes]
    finally:
        for child in children:
            child.terminate()
            child.join()


def _child(work: Callable[[int, Ready], Any], index: int, barrier: Any, sender: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        result = work(index, lambda: barrier.wait(60))
        connections.close_all()
        sender.send((result, ""))
    except Exception as error:  # noqa: BLE001 - the parent reports it
        barrier.abort()
        sender.send((None, f"{type(error).__name__}: {error}"))


def _result(receiver: "Pipe[Any, Any]") -> Any:
    try:
        if not receiver.poll(LIMIT_SECONDS):
            raise BenchmarkError(f"A client was not done after {LIMIT_SECONDS:.0f} s.")
        result, problem = receiver.recv()
    except EOFError:
        raise BenchmarkError("A client process died.") from None
    if problem:
        raise BenchmarkError(problem)
    return result


def answers_a_second(
    address: tuple[str, int], requests: Callable[[int], Iterator[bytes]], *, seconds: float, clients: int = 4
) -> tuple[float, int]:
    """Send each client's requests one after another; give the answers a second, and how many there were."""

    def send(client: int, ready: Ready) -> tuple[int, float]:
        connection, answers = Connection(address), 0
        mine = requests(client)
        ready()
        started = time.perf_counter()
        while time.perf_counter() - started < seconds:
            connection.must(next(mine))
            answers += 1
        return answers, time.perf_counter() - started

    counts = side_by_side(clients, send)
    return sum(count / spent for count, spent in counts), sum(count for count, _ in counts)


def times_a_second(prepare: Callable[[int], Callable[[], object]], *, seconds: float, count: int) -> float:
    """Call what `prepare` gives each process again and again; give the calls a second of all."""

    def repeat(index: int, ready: Ready) -> float:
        act, calls = prepare(index), 0
        act()
        ready()
        started = time.perf_counter()
        while time.perf_counter() - started < seconds:
            act()
            calls += 1
        return calls / (time.perf_counter() - started)

    return sum(side_by_side(count, repeat))

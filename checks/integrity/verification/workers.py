"""Processes that share a verification and see one snapshot.

A Python process uses one core, so there is one for each core. They are forks, because loading Django takes
longer than verifying a small log. No process outlives the command, however it ends.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from events.feed.snapshot import export_snapshot, one_snapshot
from foundation.db.deadlines import without_deadlines

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 2  # tasks that a worker has in advance, so that it need not wait for this process
_BEGUN = "begun"
_processes = multiprocessing.get_context("fork")


class WorkerEndedError(RuntimeError):
    """A process ended before its work was done; the reason is on stderr."""


class _Worker(NamedTuple):
    process: Any
    pipe: "Connection[Any, Any]"

    def receive(self) -> Any:
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            raise WorkerEndedError("A process of the verification ended before its work was done.") from None


def in_workers(work: Callable[[Task], Result], tasks: Sequence[Task], *, jobs: int) -> Iterator[Result]:
    """Yield the results of the tasks in their order, computed by `jobs` processes in one snapshot.

    Raises WorkerEndedError if one of them fails or is killed. All of them are gone when this ends.
    """
    connection.close()  # two processes cannot share one; settings of the session are lost
    workers: list[_Worker] = []
    try:
        for _ in range(jobs):
            workers.append(_start(work))
        _share_snapshot(workers)
        yield from _in_turn(workers, tasks)
    finally:
        for worker in workers:
            worker.process.terminate()
            worker.process.join()
            worker.pipe.close()


def _start(work: Callable[[Any], Any]) -> _Worker:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_work, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()  # so that receive() notices a worker that dies
    return _Worker(process, ours)


def _share_snapshot(workers: list[_Worker]) -> None:
    """Let all workers start in one snapshot.

    This transaction ends as soon as they have: on PostgreSQL 9.6, exporting a snapshot takes a transaction
    id, which would hold back the feed's horizon.
    """
    with one_snapshot():
        snapshot = export_snapshot()
        for worker in workers:
            worker.pipe.send(snapshot)
        for worker in workers:
            worker.receive()


def _in_turn(workers: list[_Worker], tasks: Sequence[Any]) -> Iterator[Any]:
    waiting: deque[_Worker] = deque()
    for number, task in enumerate(tasks):
        if len(waiting) == AHEAD * len(workers):
            yield waiting.popleft().receive()
        worker = workers[number % len(workers)]
        worker.pipe.send(task)
        waiting.append(worker)
    for worker in waiting:
        yield worker.receive()


def _work(work: Callable[[Any], Any], pipe: "Connection[Any, Any]") -> None:
    """Answer one task after another until this process is terminated."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()  # otherwise the first collection copies all memory shared with the parent
    with without_deadlines(), one_snapshot(exported=pipe.recv()):
        pipe.send(_BEGUN)
        while True:
            pipe.send(work(pipe.recv()))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)

"""Empty jobs a second, by the kind of worker: what a fork for every job costs."""

import time

import django_rq
from rq.worker import BaseWorker, SimpleWorker, Worker

from checks.jobs.worker import RenderWorker
from dev.bench.budgets import shown
from dev.bench.load import Ready, side_by_side
from dev.bench.table import table
from dev.server.service import Service

JOBS = 300
QUEUE = "default"
KINDS: tuple[type[BaseWorker], ...] = (Worker, SimpleWorker, RenderWorker)


def empty_job() -> None:
    """Do nothing."""


def compare_workers(_service: Service) -> str:
    rows = [[kind.__name__, f"{shown(jobs_a_second(kind))} /s"] for kind in KINDS]
    return table(["worker", "empty jobs"], rows)


def jobs_a_second(kind: type[BaseWorker]) -> float:
    """How many jobs one process of this kind works off in a second."""
    queue = django_rq.get_queue(QUEUE)
    queue.enqueue_many([queue.prepare_data(empty_job, result_ttl=0) for _ in range(JOBS)])
    queue.connection.close()

    def work(_index: int, ready: Ready) -> float:
        own = django_rq.get_queue(QUEUE)
        worker = kind([own], connection=own.connection)
        ready()
        started = time.perf_counter()
        worker.work(burst=True, logging_level="ERROR")
        return JOBS / (time.perf_counter() - started)

    return side_by_side(1, work)[0]

from argparse import ArgumentParser
from typing import Any

import django_rq
from django.db import connections

from checks.management.background import BackgroundCommand
from checks.management.pool import PromptPool
from checks.worker import RenderWorker


class Command(BackgroundCommand):
    help = "Run workers for the jobs of one queue, and replace those that exit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queue", help="default (renders), upkeep or notices")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="how many processes (1)")

    def handle(self, *args: Any, queue: str, workers: int, **options: Any) -> None:
        jobs = django_rq.get_queue(queue)
        connections.close_all()  # a worker must not inherit one
        PromptPool([jobs], connection=jobs.connection, num_workers=workers, worker_class=RenderWorker).run()

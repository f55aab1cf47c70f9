from argparse import ArgumentParser
from typing import Any

import django_rq
from django.conf import settings
from django.db import connections

from checks.jobs.worker import RenderWorker
from foundation.jobs.pool import PromptPool
from foundation.jobs.worker import StayingWorker
from foundation.management.background import BackgroundCommand

# Renders are the jobs of this queue; the others need no renderer.
RENDERS = "default"


class Command(BackgroundCommand):
    help = "Run workers for the jobs of one queue, and replace those that exit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queue", choices=list(settings.RQ_QUEUES), help="default holds the renders")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="how many processes (1)")

    def handle(self, *args: Any, queue: str, workers: int, **options: Any) -> None:
        jobs = django_rq.get_queue(queue)
        connections.close_all()  # a worker must not inherit one
        kind = RenderWorker if queue == RENDERS else StayingWorker
        PromptPool([jobs], connection=jobs.connection, num_workers=workers, worker_class=kind).run()

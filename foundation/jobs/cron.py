"""RQ's cron, without its trouble with a clock that is set back.

Written for RQ 3.0 and django-rq 4.2. When you upgrade, check that `latest_enqueue_time` still decides when a
job is due, and that `enqueue_jobs` is still called in every round. Otherwise test_sweeper.py fails.
"""

from typing import Any

from django_rq.cron import DjangoCronScheduler
from rq.utils import now


class SteadyCronScheduler(DjangoCronScheduler):
    """RQ's cron. It goes on when the clock is set back, instead of waiting until the old time returns."""

    def enqueue_jobs(self) -> Any:
        for job in self.get_jobs():
            if job.latest_enqueue_time is not None and job.latest_enqueue_time > now():
                job.latest_enqueue_time = None
        return super().enqueue_jobs()

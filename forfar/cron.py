"""What `manage.py schedule_upkeep` enqueues, and how often. docs/operations.md lists these jobs.

A job that has waited for its `ttl` seconds is dropped: workers that were away for a night find two sweeps,
not a thousand.
"""

from functools import partial

from rq import cron

from checks.jobs.sweep import sweep
from checks.services.render_queue import SWEEP_TIMEOUT_SECONDS, UPKEEP
from events.jobs import seal
from order_systems.jobs import remove_old_answers
from readers.analytics.jobs import TIMEOUT_SECONDS, refresh_summaries
from readers.metrics.jobs import count_events
from readers.webhooks.jobs import follow, remove_old_deliveries

every = partial(cron.register, queue_name=UPKEEP, result_ttl=0, failure_ttl=24 * 3600)

every(sweep, interval=30, ttl=60, job_timeout=SWEEP_TIMEOUT_SECONDS)
every(seal, interval=60, ttl=60, job_timeout=120)
every(count_events, interval=15, ttl=60)
every(follow, interval=2, ttl=10)
every(refresh_summaries, interval=300, ttl=300, job_timeout=TIMEOUT_SECONDS)
every(remove_old_answers, interval=3600)
every(remove_old_deliveries, interval=3600, ttl=60)

"""What RQ's cron runs: `manage.py schedule_upkeep`. Each package registers its own."""

from rq import cron

import checks.cron  # noqa: F401
from analytics.jobs import TIMEOUT_SECONDS, refresh_summaries
from checks.queue import UPKEEP
from metrics.jobs import count_events
from notices.jobs import follow, remove_old_deliveries

cron.register(count_events, queue_name=UPKEEP, ttl=60, interval=15, result_ttl=0, failure_ttl=24 * 3600)
cron.register(follow, queue_name=UPKEEP, ttl=10, interval=2, result_ttl=0, failure_ttl=24 * 3600)
cron.register(
    remove_old_deliveries, queue_name=UPKEEP, ttl=60, interval=3600, result_ttl=0, failure_ttl=24 * 3600
)
cron.register(
    refresh_summaries,
    queue_name=UPKEEP,
    interval=300,
    job_timeout=TIMEOUT_SECONDS,
    ttl=300,
    result_ttl=0,
    failure_ttl=24 * 3600,
)

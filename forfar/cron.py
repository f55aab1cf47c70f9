"""What RQ's cron runs: `manage.py rqcron forfar.cron`. Each package registers its own."""

from rq import cron

import checks.cron  # noqa: F401
from metrics.jobs import count_events

cron.register(count_events, queue_name="default", interval=15, result_ttl=0, failure_ttl=24 * 3600)

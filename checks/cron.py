"""What RQ's cron runs: `manage.py rqcron checks.cron`."""

from rq import cron

from checks.jobs import sweep

cron.register(sweep, queue_name="default", interval=30, result_ttl=0, failure_ttl=24 * 3600)

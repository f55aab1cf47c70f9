"""What RQ's cron runs: `manage.py rqcron forfar.cron` imports this."""

from rq import cron

from checks.jobs import sweep
from events.jobs import seal
from order_systems.jobs import remove_old_answers

cron.register(sweep, queue_name="default", interval=30, result_ttl=0, failure_ttl=24 * 3600)
cron.register(seal, queue_name="default", interval=60, job_timeout=120, result_ttl=0, failure_ttl=24 * 3600)
cron.register(remove_old_answers, queue_name="default", interval=3600, result_ttl=0, failure_ttl=24 * 3600)

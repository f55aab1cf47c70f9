"""What RQ's cron runs: `forfar.cron` imports this."""

from rq import cron

from checks.jobs import sweep
from checks.queue import SWEEP_TIMEOUT_SECONDS, UPKEEP
from events.jobs import seal
from order_systems.jobs import remove_old_answers

# Whoever was away for a night finds two sweeps, not a thousand: one that waited for a minute is dropped.
cron.register(
    sweep,
    queue_name=UPKEEP,
    interval=30,
    job_timeout=SWEEP_TIMEOUT_SECONDS,
    ttl=60,
    result_ttl=0,
    failure_ttl=24 * 3600,
)
cron.register(
    seal, queue_name=UPKEEP, interval=60, job_timeout=120, ttl=60, result_ttl=0, failure_ttl=24 * 3600
)
cron.register(remove_old_answers, queue_name=UPKEEP, interval=3600, result_ttl=0, failure_ttl=24 * 3600)

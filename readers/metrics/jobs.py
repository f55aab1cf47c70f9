"""Jobs that RQ's cron enqueues. Their names are stored in Redis."""

from readers.metrics import tally


def count_events() -> None:
    """Bring the counters up to date, so that a scrape has little left to count."""
    tally.catch_up()

"""Types of options that several commands have."""

from argparse import ArgumentTypeError
from datetime import datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from foundation.moments import has_storable_offset


def moment(text: str) -> datetime:
    """Read 2026-01-15, which is the start of that day in TIME_ZONE, or 2026-01-15T12:00+03:00."""
    try:
        day = parse_date(text)
        found = datetime.combine(day, time()) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None or not has_storable_offset(found):
        raise ArgumentTypeError(f"{text} is neither 2026-01-15 nor 2026-01-15T12:00+03:00")
    return found if timezone.is_aware(found) else timezone.make_aware(found)

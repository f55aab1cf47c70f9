"""What staff ask of the course of a check: conditions on its events since some time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from events.models import Event

QUIET = timedelta(minutes=5)
# Without a time to begin at. Whatever the size of the log, no more than this is looked through.
LOOK_BACK = timedelta(days=1)

PATTERNS = [
    ("failed_twice_then_printed", _("failed at least twice, then printed")),
    ("quiet_after_rendered", _("nothing for five minutes after rendered")),
]


def matching(pattern: str, *, since: datetime, now: datetime, check: str = "pk") -> Exists:
    """Return the condition that the check, which the outer query has as `check`, went this way."""
    return Exists(_BUILDERS[pattern](since, now).filter(stream=OuterRef(check)))


def _failed_twice_then_printed(since: datetime, _now: datetime) -> QuerySet[Event]:
    first = Event.objects.filter(stream=OuterRef("stream"), type="failed", version__lt=OuterRef("version"))
    second = first.filter(Exists(first))
    return Event.objects.filter(Exists(second), type="printed", occurred_at__gte=since)


def _quiet_after_rendered(since: datetime, now: datetime) -> QuerySet[Event]:
    soon_after = Event.objects.filter(
        stream=OuterRef("stream"),
        version=OuterRef("version") + 1,
        occurred_at__lte=OuterRef("occurred_at") + QUIET,
    )
    return Event.objects.filter(
        ~Exists(soon_after), type="rendered", occurred_at__gte=since, occurred_at__lte=now - QUIET
    )


_BUILDERS: dict[str, Callable[[datetime, datetime], QuerySet[Event]]] = {
    "failed_twice_then_printed": _failed_twice_then_printed,
    "quiet_after_rendered": _quiet_after_rendered,
}

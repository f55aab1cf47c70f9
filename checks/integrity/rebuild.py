"""Bring the cached columns of checks back to what their events say, inventing no history."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from checks.domain.fold import fold
from checks.domain.projection import PROJECTED_FIELDS, cached_columns, projection
from checks.models import Check
from events.log.streams import Stream, read_streams

BATCH = 500


class Rebuilt(NamedTuple):
    """A check whose cached columns differed: each with what it was and what it is."""

    check_id: int
    changes: dict[str, tuple[Any, Any]]


def rebuild(*, dry_run: bool) -> Iterator[tuple[int, list[Rebuilt]]]:
    """Rewrite the cached columns batch by batch; yield how many checks each batch had, and what differed."""
    last_id = 0
    while True:
        with transaction.atomic():
            checks = list(_locked().filter(id__gt=last_id)[:BATCH])
            if not checks:
                return
            streams = read_streams(check.pk for check in checks)
            rebuilt = [found for check in checks if (found := _rebuild(check, streams[check.pk]))]
            if rebuilt and not dry_run:
                # Not save(): this repairs a cache, it is no change in the check's life.
                changed = {each.check_id for each in rebuilt}
                Check.objects.bulk_update(
                    [check for check in checks if check.pk in changed], list(PROJECTED_FIELDS)
                )
        last_id = checks[-1].pk
        yield len(checks), rebuilt


def _locked() -> QuerySet[Check]:
    return Check.objects.select_for_update(no_key=True).defer("order", "order_salt").order_by("id")


def _rebuild(check: Check, stream: Stream) -> Rebuilt | None:
    """Set the check's cached columns from its events; None when they are right, or there are no events."""
    state = fold(stream.events)
    if state is None:
        return None
    cached = cached_columns(check)
    changes = {
        name: (cached[name], value) for name, value in projection(state).items() if cached[name] != value
    }
    for name, (_, value) in changes.items():
        setattr(check, name, value)
    return Rebuilt(check.pk, changes) if changes else None

"""Verifying the log, and comparing checks and their history records with it.

Checks are verified in batches, by several processes if asked. All of them see one snapshot, so the service
can run meanwhile. The rows of the three tables (checks, events, history records) are streamed side by side,
so memory stays flat however long the log is.
"""

from collections.abc import Collection, Iterator

from django.db import connection

from checks.integrity.verification.comparing import compare
from checks.integrity.verification.differences import DOUBLED, NOTHING_FOUND, Difference, Verified
from checks.integrity.verification.reading import Selection, batches, side_by_side
from checks.integrity.verification.workers import in_workers
from events.feed.snapshot import one_snapshot
from events.models import ArchivedCheck

__all__ = ["Difference", "Verified", "archived_among", "differences_of", "verify"]


def verify(*, check_ids: list[int] | None = None, jobs: int = 1) -> Iterator[Verified]:
    """Verify all checks, or those with these ids, and yield what differs batch by batch.

    Up to `jobs` processes share the work. Inside a caller's transaction everything happens in this process,
    because no other process would see its rows. Raises WorkerEndedError if one of the processes fails.
    """
    selections: list[Selection] = [sorted(set(check_ids))] if check_ids is not None else [*batches()]
    jobs = min(jobs, len(selections))
    if jobs > 1 and not connection.in_atomic_block:
        yield from in_workers(verify_batch, selections, jobs=jobs)
        return
    with one_snapshot():
        for selection in selections:
            yield verify_batch(selection)


def verify_batch(selection: Selection) -> Verified:
    """Verify these checks; a check that was named must exist in the tables or in the archive."""
    differences: list[Difference] = []
    found: list[int] = []
    events = 0
    for check_id, rows in side_by_side(selection):
        differences += compare(check_id, rows)
        found.append(check_id)
        events += len(rows.events)
    differences += [Difference(each, None, DOUBLED) for each in sorted(archived_among(found))]
    missing = set(selection).difference(found) if isinstance(selection, list) else set()
    missing.difference_update(archived_among(missing))
    differences += [Difference(each, None, NOTHING_FOUND) for each in sorted(missing)]
    return Verified(len(found) + len(missing), events, differences)


def differences_of(check_id: int) -> list[Difference]:
    """Verify one check, as `verify_events` does."""
    return [difference for verified in verify(check_ids=[check_id]) for difference in verified.differences]


def archived_among(check_ids: Collection[int]) -> dict[int, int]:
    """Return which of these checks are in the archive, each with the number of its part."""
    if not check_ids:
        return {}
    archived = ArchivedCheck.objects.filter(check_id__in=list(check_ids))
    return dict(archived.values_list("check_id", "part_id"))

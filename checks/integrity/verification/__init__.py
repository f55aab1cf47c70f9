"""Does the log hold, and do the checks and their history say what it says?

Batch after batch of checks is verified, by several processes if there are to be, all of which see one
snapshot: a service that runs meanwhile does no harm. Of the three tables (checks, events, history records)
ordered streams of rows are walked side by side, so that memory stays flat however long the log is.
"""

from collections.abc import Collection, Iterator

from django.db import connection

from checks.integrity.verification.comparing import compare
from checks.integrity.verification.differences import Difference, Verified
from checks.integrity.verification.reading import Selection, batches, side_by_side
from checks.integrity.verification.workers import in_workers
from events.feed.snapshot import one_snapshot
from events.models import ArchivedCheck

__all__ = ["Difference", "Verified", "archived_among", "verify"]

DOUBLED = "it is in the archive, and still in the tables"


def verify(*, check_ids: list[int] | None = None, jobs: int = 1) -> Iterator[Verified]:
    """Yield batch after batch of checks with their differences, by ids; all checks, or those named.

    Up to `jobs` processes share the work. Inside a caller's transaction, whose rows no other process would
    see, it is done there. Raises WorkerEndedError where one of the processes fails.
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
    """Verify these checks; of those that are named, also that there is something of them somewhere."""
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
    differences += [Difference(each, None, "there is nothing of this check") for each in sorted(missing)]
    return Verified(len(found) + len(missing), events, differences)


def archived_among(check_ids: Collection[int]) -> dict[int, int]:
    """Return those of these checks that are in the archive, with the numbers of their parts."""
    if not check_ids:
        return {}
    archived = ArchivedCheck.objects.filter(check_id__in=list(check_ids))
    return dict(archived.values_list("check_id", "part_id"))

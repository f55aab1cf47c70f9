"""Bringing the cached columns of checks back to what their events say, without writing history."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction

from checks.domain.projection import PROJECTED_FIELDS
from checks.integrity.verification.comparing import compare
from checks.integrity.verification.differences import COLUMN_DIFFERS, OF_THE_LOG
from checks.integrity.verification.reading import side_by_side
from checks.models import Check

CHECKS_PER_BATCH = 500


class Rebuilt(NamedTuple):
    """A check whose cached columns differ, with the old and the new value of each.

    `is_broken` says that its events do not verify; such a check is left as it is.
    """

    check_id: int
    changes: dict[str, tuple[Any, Any]]
    is_broken: bool


def rebuild(*, dry_run: bool) -> Iterator[tuple[int, list[Rebuilt]]]:
    """Rewrite the cached columns batch by batch; yield each batch's number of checks, and what differed."""
    last_id = 0
    while True:
        with transaction.atomic():
            check_ids = _lock_batch(last_id)
            if not check_ids:
                return
            rebuilt = _differing(check_ids)
            if not dry_run:
                _write(rebuilt)
        last_id = check_ids[-1]
        yield len(check_ids), rebuilt


def _lock_batch(after_id: int) -> list[int]:
    checks = Check.objects.select_for_update(no_key=True).filter(id__gt=after_id).order_by("id")
    return list(checks.values_list("id", flat=True)[:CHECKS_PER_BATCH])


def _differing(check_ids: list[int]) -> list[Rebuilt]:
    found = []
    for check_id, rows in side_by_side(check_ids):
        differences = compare(check_id, rows)
        changes = {
            each.facts["column"]: (each.facts["found"], each.facts["expected"])
            for each in differences
            if each.message == COLUMN_DIFFERS and each.facts["column"] in PROJECTED_FIELDS
        }
        if changes:
            is_broken = any(each.message in OF_THE_LOG for each in differences)
            found.append(Rebuilt(check_id, changes, is_broken))
    return found


def _write(rebuilt: list[Rebuilt]) -> None:
    for check_id, changes, is_broken in rebuilt:
        if not is_broken:
            # Not save(): this repairs a cache and is no change in the check's life.
            new = {name: expected for name, (_, expected) in changes.items()}
            Check.objects.filter(pk=check_id).update(**new)

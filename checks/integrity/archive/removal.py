"""Deleting the rows of a part from the tables, after proving that its files hold all of them.

1. Read the files again: sizes, hashes, counts, and each check's chain, fold and history.
2. Compare them with the rows of these checks in the tables, byte by byte.
3. Recompute the root of every seal over one of the events, from the part's leaves, the events that stay in
   the tables, and the leaves of earlier parts.
4. List the part, and delete and count its events, history records and checks, in one short transaction.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from itertools import zip_longest

from django.db import connection, transaction

from checks.integrity.archive import parts
from checks.integrity.archive.errors import PartBrokenError, PartMissingError
from checks.integrity.archive.export import seals_over
from checks.integrity.archive.inspection import Inspection, inspected
from checks.integrity.archive.lines import lines_of
from checks.integrity.archive.parts import CHECKS, LEAVES, MANIFEST, Part
from events.archive import leaves
from events.archive import removal as archiving
from events.archive.leaves import Leaf, LeafFile, place
from events.archive.removal import Contents
from events.feed.reading import stretch
from events.models import ArchivedStretch, Seal
from events.seals.form import begin_of, end_of
from events.seals.merkle import MerkleTree

ROWS_PER_FETCH = 2000
DELETE_HISTORY = "DELETE FROM checks_historicalcheck WHERE id = ANY(%s)"
DELETE_CHECKS = "DELETE FROM checks_check WHERE id = ANY(%s)"


def finish(part: Part, *, now: datetime, step: Callable[[str], None]) -> Contents:
    """Verify a complete part, list it and delete its rows from the tables.

    Raises PartBrokenError or PartMissingError; the tables are unchanged then.
    """
    inspection, problems = inspected(part)
    if inspection is None or problems:
        raise PartBrokenError(part=part.number, problem="; ".join(problems[:3]))
    _require_the_tables_have_it(inspection)
    seals = dict(seals_over(inspection.leaves))
    for seal in seals:
        _require_root(seal, inspection)
    contents = Contents(
        number=part.number,
        day=part.day,
        orders=inspection.orders,
        events=len(inspection.leaves),
        seals={seal.number: events for seal, events in seals.items()},
        manifest_sha256=sha256(part.path(MANIFEST).read_bytes()).digest(),
    )
    step("the part is verified")
    _take_out(contents, inspection.records, now=now, step=step)
    step("the part is taken out")
    return contents


@transaction.atomic
def _take_out(contents: Contents, records: int, *, now: datetime, step: Callable[[str], None]) -> None:
    archiving.list_part(contents, now=now)
    step("the part is listed")
    archiving.delete_events(contents)
    step("the events are deleted")
    _delete(DELETE_HISTORY, contents, records)
    _delete(DELETE_CHECKS, contents, len(contents.orders))
    step("the checks are deleted")


def _delete(sql: str, contents: Contents, expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(contents.orders)])
        found = cursor.rowcount
    if found != expected:
        problem = f"{found} rows instead of {expected} would have been deleted"
        raise PartBrokenError(part=contents.number, problem=problem)


def _require_the_tables_have_it(inspection: Inspection) -> None:
    in_tables = (line for _, line in lines_of(list(inspection.orders)))
    for line, row in zip_longest(parts.lines(inspection.part.path(CHECKS)), in_tables):
        if line != row:
            problem = "the tables have something else of its checks"
            raise PartBrokenError(part=inspection.part.number, problem=problem)


def _require_root(seal: Seal, inspection: Inspection) -> None:
    """Recompute the seal's root with the part's events from its file."""
    begin, end = begin_of(seal), end_of(seal)
    rows = stretch(begin, end).values_list("tx_id", "id", "hash", "stream_id").iterator(ROWS_PER_FETCH)
    others = (Leaf(row[0], row[1], bytes(row[2])) for row in rows if row[3] not in inspection.orders)
    own = (leaf for leaf in inspection.leaves if begin < place(leaf) <= end)
    earlier = leaves.in_order(_earlier(seal, inspection.part), after=begin, end=end)
    tree = MerkleTree()
    for leaf in heapq.merge(others, own, earlier, key=place):
        tree.add(leaf.hash)
    if (tree.size, tree.root()) != (seal.events, bytes(seal.root)):
        problem = f"seal {seal.number} does not fit its events; verify_events says more"
        raise PartBrokenError(part=inspection.part.number, problem=problem)


def _earlier(seal: Seal, part: Part) -> list[LeafFile]:
    """Return the leaves of the earlier parts that have events of this seal."""
    listed = ArchivedStretch.objects.filter(seal=seal).values_list("part__number", "part__day")
    files = []
    for number, day in listed:
        path = Part(part.folder, number, day).path(LEAVES)
        if not path.is_file():
            raise PartMissingError(seal=seal.number, part=number)
        files.append(LeafFile(path, begin_of(seal), end_of(seal)))
    return files

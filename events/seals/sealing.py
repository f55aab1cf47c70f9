"""Puts settled stretches of the feed under Merkle roots, which are also written outside of the database.

The owner of the tables can rewrite them, hashes included, but cannot take back what has left the database.
"""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from events.feed.horizon import require_adopted
from events.feed.reading import Position, settled
from events.log.hashing import GENESIS
from events.models import Seal
from events.seals import file as seal_file
from events.seals.form import end_of, seal_hash, seal_line
from events.seals.merkle import MerkleTree
from foundation.db.locks import SEALING, try_to_hold

logger = logging.getLogger(__name__)

MAX_EVENTS_PER_SEAL = 65_536
EVENTS_PER_FETCH = 2000


def seal_settled(*, now: datetime, at_most: int | None = None) -> list[Seal]:
    """Seal what is settled, in one transaction per seal. Log each seal and write it to the file.

    1. Append to the file what it lacks: the last run may have ended between the database and the file.
    2. Seal the next stretch, unless another process is sealing, and write it down. Repeat until nothing is
       left.

    Call it outside of a transaction. Raises SealFileError if the file has other seals than the table. Then
    nothing is sealed, so that the difference does not get buried.
    """
    path = Path(settings.SEAL_FILE) if settings.SEAL_FILE else None
    if path:
        seal_file.catch_up(path)
    seals: list[Seal] = []
    while at_most is None or len(seals) < at_most:
        seal = seal_next(now=now)
        if seal is None:
            break
        seals.append(seal)
        logger.info("Sealed %s", seal_line(seal).decode().rstrip())
        if path:
            seal_file.catch_up(path)
    return seals


@transaction.atomic
def seal_next(*, now: datetime) -> Seal | None:
    """Seal the next settled events. Returns None if there are none, or if another process is sealing.

    Raises LogNotAdoptedError for a log that was restored into another cluster.
    """
    if not _taken():
        return None
    require_adopted()
    last = Seal.objects.order_by("-number").first()
    begin = end = end_of(last)
    tree = MerkleTree()
    rows = settled(begin).values_list("tx_id", "id", "hash")[:MAX_EVENTS_PER_SEAL]
    for tx_id, event_id, event_hash in rows.iterator(EVENTS_PER_FETCH):
        tree.add(bytes(event_hash))
        end = Position(tx_id, event_id)
    if not tree.size:
        return None
    seal = Seal(
        number=last.number + 1 if last else 1,
        after_tx_id=begin.tx_id,
        after_id=begin.id,
        last_tx_id=end.tx_id,
        last_id=end.id,
        events=tree.size,
        root=tree.root(),
        sealed_at=now,
        prev_hash=bytes(last.hash) if last else GENESIS,
    )
    seal.hash = seal_hash(seal)
    seal.save(force_insert=True)
    return seal


def _taken() -> bool:
    """Take the lock for sealing until the transaction ends. There is no point in waiting for it."""
    return try_to_hold(SEALING)

"""Sealing: settled stretches of the feed are put under a Merkle root, which is also kept elsewhere.

Whoever owns the tables can rewrite them, hashes included; what has left the database he cannot take back.
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

MAX_EVENTS = 65_536
CHUNK = 2000
# Advisory locks of two numbers; those of one number belong to order ids. See decision 0014.


def seal_settled(*, now: datetime, at_most: int | None = None) -> list[Seal]:
    """Seal what is settled, one transaction a seal, and write each seal to the log and to the file.

    1. Append to the file what it lacks: the last run may have ended between the database and the file.
    2. Seal the next stretch, unless somebody else is at it; write it down; go on until nothing is left.

    Not inside a transaction. Raises SealFileError when the file knows other seals than the table; then
    nothing is sealed, because that would bury what has happened.
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
    """Seal the first settled events that are not sealed; None without any, or while somebody else does it.

    Raises LogNotAdoptedError for a log that was restored from elsewhere.
    """
    if not _taken():
        return None
    require_adopted()
    last = Seal.objects.order_by("-number").first()
    begin = end = end_of(last)
    tree = MerkleTree()
    rows = settled(begin).values_list("tx_id", "id", "hash")[:MAX_EVENTS]
    for tx_id, event_id, event_hash in rows.iterator(CHUNK):
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
    """Take the right to seal until the transaction ends. There is no use in waiting for it."""
    return try_to_hold(SEALING)

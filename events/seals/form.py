"""The form of a seal: what its hash covers, and its line in the file of seals.

As with events, the hash is the SHA-256 of the predecessor's hash followed by the seal as RFC 8785 JSON.
Positions in the feed are text in it, because they may exceed 2^53.
"""

from hashlib import sha256
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from events.feed.reading import BEGINNING, Position
from events.log.hashing import GENESIS, canonical_json, moment_text
from events.models import Seal

_POSITIONS = ("after_tx_id", "after_id", "last_tx_id", "last_id")


def seal_hash(seal: Seal) -> bytes:
    """Return the 32 bytes that chain a seal to its predecessor."""
    return sha256(bytes(seal.prev_hash) + canonical_json(_hashed_form(seal))).digest()


def seal_form(seal: Seal) -> dict[str, Any]:
    """Return the complete seal as JSON: the hashed form and both hashes."""
    hashes = {"prev_hash": bytes(seal.prev_hash).hex(), "hash": bytes(seal.hash).hex()}
    return _hashed_form(seal) | hashes


def seal_line(seal: Seal) -> bytes:
    """Return the seal as one line of the file of seals."""
    return canonical_json(seal_form(seal)) + b"\n"


def begin_of(seal: Seal) -> Position:
    return Position(seal.after_tx_id, seal.after_id)


def end_of(seal: Seal | None) -> Position:
    return Position(seal.last_tx_id, seal.last_id) if seal else BEGINNING


def seal_over(place: Position) -> Seal | None:
    """Return the seal whose stretch contains this position, or None if it is not sealed yet."""
    not_before = RawSQL("(last_tx_id, last_id) >= (%s, %s)", tuple(place), output_field=BooleanField())
    seal = Seal.objects.filter(not_before).order_by("last_tx_id", "last_id").first()
    return seal if seal is not None and begin_of(seal) < place else None


def follows(seal: Seal, last: Seal | None) -> bool:
    """Tell whether the seal begins where the last one ends, and is chained to it."""
    prev_hash = bytes(last.hash) if last else GENESIS
    return begin_of(seal) == end_of(last) and bytes(seal.prev_hash) == prev_hash


def _hashed_form(seal: Seal) -> dict[str, Any]:
    return {
        **{name: str(getattr(seal, name)) for name in _POSITIONS},
        "number": seal.number,
        "events": seal.events,
        "root": bytes(seal.root).hex(),
        "sealed_at": moment_text(seal.sealed_at),
    }

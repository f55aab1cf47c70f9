"""Proofs that a check's events are under the seals, for somebody who has only the seals."""

from typing import Any, NamedTuple

from events.feed.reading import position_of, stretch
from events.feed.snapshot import one_snapshot
from events.log.hashing import HashedFields, hashed_form
from events.log.streams import timeline
from events.models import ArchivedCheck, Event, Seal
from events.seals.form import begin_of, end_of, seal_form, seal_over
from events.seals.merkle import MerkleTree, audit_paths
from foundation.errors import ForFarError, gettext_noop

FORMAT = "forfar-proof-1"


class NothingToProveError(ForFarError):
    code = "nothing_to_prove"
    message = gettext_noop("The log has no events of check %(check_id)s.")


class CheckArchivedError(ForFarError):
    """The events are in files. A proof that was made earlier is still valid."""

    code = "check_archived"
    message = gettext_noop("Check %(check_id)s is in the archive, in part %(part)s.")


class NotSealedError(ForFarError):
    code = "not_sealed"
    message = gettext_noop("Check %(check_id)s is not sealed from version %(version)s on.")


class SealBrokenError(ForFarError):
    code = "seal_broken"
    message = gettext_noop("Seal %(number)s does not fit its events; verify_events says more.")


class _Place(NamedTuple):
    """The place of an event in its seal's tree."""

    leaf: int
    path: list[bytes]


def prove(check_id: int) -> dict[str, Any]:
    """Return the proof for all events of a check, ready for JSON. docs/events.md describes it.

    Raises NothingToProveError, CheckArchivedError, NotSealedError if an event is not sealed yet, and
    SealBrokenError.
    """
    with one_snapshot():
        events = list(timeline(check_id))
        if not events:
            raise _nothing_of(check_id)
        sealed = [(event, _seal_of(event)) for event in events]
        seals = {seal.number: seal for _, seal in sealed}
        places: dict[int, _Place] = {}
        for seal in seals.values():
            places |= _places(seal, [event.pk for event, its_seal in sealed if its_seal == seal])
    return {
        "format": FORMAT,
        "check_id": str(check_id),
        "events": [_proof_of(event, seal, places[event.pk]) for event, seal in sealed],
        "seals": [seal_form(seal) for seal in seals.values()],
    }


def _nothing_of(check_id: int) -> ForFarError:
    archived = ArchivedCheck.objects.filter(pk=check_id).first()
    if archived is not None:
        return CheckArchivedError(check_id=check_id, part=archived.part_id)
    return NothingToProveError(check_id=check_id)


def _seal_of(event: Event) -> Seal:
    seal = seal_over(position_of(event))
    if seal is None:
        raise NotSealedError(check_id=event.stream_id, version=event.version)
    return seal


def _places(seal: Seal, event_ids: list[int]) -> dict[int, _Place]:
    """Return the places of these events in their seal's tree, by event id."""
    rows = list(stretch(begin_of(seal), end_of(seal)).values_list("id", "hash"))
    hashes = [bytes(event_hash) for _, event_hash in rows]
    tree = MerkleTree()
    for event_hash in hashes:
        tree.add(event_hash)
    if (tree.size, tree.root()) != (seal.events, bytes(seal.root)):
        raise SealBrokenError(number=seal.number)
    indexes = {event_id: index for index, (event_id, _) in enumerate(rows) if event_id in event_ids}
    paths = audit_paths(hashes, indexes.values())
    return {event_id: _Place(index, paths[index]) for event_id, index in indexes.items()}


def _proof_of(event: Event, seal: Seal, place: _Place) -> dict[str, Any]:
    fields = HashedFields(*(getattr(event, name) for name in HashedFields._fields))
    return {
        "event": hashed_form(fields),
        "prev_hash": bytes(event.prev_hash).hex(),
        "hash": bytes(event.hash).hex(),
        "seal": seal.number,
        "index": place.leaf,
        "path": [node.hex() for node in place.path],
    }

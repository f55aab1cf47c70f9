"""Writing a part: the checks, the leaves of their events, and the manifest last."""

from collections.abc import Callable, Iterable

from checks.integrity.archive import parts
from checks.integrity.archive.lines import WHOLE, lines_of
from checks.integrity.archive.parts import CHECKS, LEAVES, MANIFEST, Manifest, Part, SealFacts
from checks.integrity.verification.reading import Row
from checks.services.finished_orders import FinishedOrder
from events.archive.leaves import Leaf, encoded, place
from events.feed.reading import Position
from events.models import Seal
from events.seals.form import end_of, seal_over
from foundation.files import make_folder

_TX_ID, _ID, _HASH = (WHOLE.events.index(name) for name in ("tx_id", "id", "hash"))


def write_part(part: Part, orders: Iterable[FinishedOrder], *, log: str, step: Callable[[str], None]) -> None:
    """Write the files of a part from the tables, each in one durable step."""
    orders = list(orders)
    make_folder(part.path(CHECKS).parent)
    leaves: list[Leaf] = []
    checks = records = 0
    with parts.compressed(part.path(CHECKS), step) as file:
        for rows, line in lines_of([check_id for order in orders for check_id in order.check_ids]):
            file.write(line)
            checks += 1
            records += len(rows.history)
            leaves += map(leaf_of, rows.events)
    leaves.sort(key=place)
    parts.write(part.path(LEAVES), encoded(leaves), step)
    manifest = Manifest(
        log=log,
        number=part.number,
        day=part.day.isoformat(),
        orders=len(orders),
        checks=checks,
        events=len(leaves),
        records=records,
        first=Position(*leaves[0][:2]),
        last=Position(*leaves[-1][:2]),
        files={part.path(suffix).name: parts.facts_of(part.path(suffix)) for suffix in (CHECKS, LEAVES)},
        seals=[_facts(seal, events) for seal, events in seals_over(leaves)],
    )
    parts.write(part.path(MANIFEST), manifest.encoded(), step)


def leaf_of(event: Row) -> Leaf:
    return Leaf(event[_TX_ID], event[_ID], bytes.fromhex(event[_HASH]))


def seals_over(leaves: list[Leaf]) -> list[tuple[Seal, int]]:
    """Return the seals over these leaves, which are in the feed's order, each with the number it covers."""
    found: list[tuple[Seal, int]] = []
    begun = 0
    while begun < len(leaves):
        seal = seal_over(Position(*leaves[begun][:2]))
        if seal is None:
            raise LookupError("an event is in no seal")
        end = begun
        while end < len(leaves) and place(leaves[end]) <= end_of(seal):
            end += 1
        found.append((seal, end - begun))
        begun = end
    return sorted(found, key=lambda each: each[0].number)


def _facts(seal: Seal, events: int) -> SealFacts:
    return SealFacts(seal.number, events, bytes(seal.hash).hex(), bytes(seal.root).hex())

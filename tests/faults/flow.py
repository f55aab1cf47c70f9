"""Orders that flow while something breaks, and the reckoning afterwards."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.faults.reach import Reach, until
from tests.faults.traffic import PAUSE_SECONDS, Ledger, OrderSystem, Printer

SETTLE_SECONDS = 240.0
ORDER_SYSTEMS = 4
SLOW_PAUSE_SECONDS = 3.0
POINT, KEYS = 1, ("key1", "key2")  # of fixtures/printers.json


class Row(NamedTuple):
    """One fault, in orders; an order is printed when each of its checks is on paper."""

    sent: int
    accepted: int
    printed: int
    lost: int
    doubled: int
    note: str = ""


class Flow:
    """What goes on around a fault."""

    def __init__(self, stack: Reach, points: dict[int, tuple[str, ...]], printer_pause: float) -> None:
        self.stack, self.points, self.ledger = stack, points, Ledger()
        self.note = ""  # what its row says besides
        address = "http://{}:{}".format(*stack.service.address)
        self.senders = [OrderSystem(address, self.ledger, list(points)) for _ in range(ORDER_SYSTEMS)]
        keys = [key for keys in points.values() for key in keys]
        self.printers = [Printer(address, self.ledger, key, printer_pause) for key in keys]

    def start(self) -> None:
        for each in (*self.senders, *self.printers):
            each.start()

    def accept(self, count: int) -> None:
        """Wait until so many more orders were accepted."""
        goal = len(self.ledger.accepted) + count
        until(lambda: len(self.ledger.accepted) >= goal, f"{count} more orders are accepted", 120)

    @contextmanager
    def slowly(self) -> Iterator[None]:
        """Send an order or two a second: a long outage must not measure how fast the machine renders."""
        for sender in self.senders:
            sender.pause = SLOW_PAUSE_SECONDS
        try:
            yield
        finally:
            for sender in self.senders:
                sender.pause = PAUSE_SECONDS

    @contextmanager
    def without_new_orders(self) -> Iterator[None]:
        for sender in self.senders:
            sender.may_send.clear()
            sender.idle.clear()
        for sender in self.senders:
            until(sender.idle.is_set, "the order system is idle")
        try:
            yield
        finally:
            for sender in self.senders:
                sender.may_send.set()

    def events(self, kind: str, reason: str = "") -> int:
        """How many such events the orders of this flow have so far."""
        ((count,),) = self.stack.sql(
            "SELECT count(*) FROM events_event JOIN checks_check c ON c.id = check_id "
            "WHERE events_event.type = %s AND c.order_id = ANY(%s) AND (%s = '' OR data->>'reason' = %s)",
            kind,
            list(self.ledger.sent),
            reason,
            reason,
        )
        return int(count)

    def require_rendered(self, seconds: float) -> None:
        """Wait until everything accepted so far is rendered, for so many seconds at most."""
        began, accepted = time.monotonic(), list(self.ledger.accepted)
        unrendered = "SELECT 1 FROM checks_check WHERE order_id = ANY(%s) AND status = 'new' LIMIT 1"
        until(lambda: not self.stack.sql(unrendered, accepted), "everything is rendered", seconds)
        self.note = f"all rendered {time.monotonic() - began:.0f} s later"

    def settle(self) -> None:
        """Send no more, and wait until everything that was accepted is printed and confirmed."""
        for sender in self.senders:
            sender.stopped.set()
        for sender in self.senders:
            sender.join(SETTLE_SECONDS)
            assert not sender.is_alive(), "an order was not accepted in all this time"
        until(lambda: not self._unprinted(), f"all is printed, but {self._unprinted()}", SETTLE_SECONDS)

    def stop(self) -> None:
        for each in (*self.senders, *self.printers):
            each.stopped.set()
        for printer in self.printers:
            printer.may_confirm.set()
        for printer in self.printers:
            printer.join(30)

    def _unprinted(self) -> list[tuple[Any, ...]]:
        return self.stack.sql(
            "SELECT order_id, type, status FROM checks_check "
            "WHERE order_id = ANY(%s) AND status <> 'printed'",
            list(self.ledger.accepted),
        )

    # --- the reckoning -------------------------------------------------------------------------------

    def row(self) -> Row:
        """Compare what was accepted with what came out of the printers."""
        checks: dict[int, list[int]] = defaultdict(list)
        for order_id, check_id in self.stack.sql(
            "SELECT order_id, id FROM checks_check WHERE order_id = ANY(%s)", list(self.ledger.sent)
        ):
            checks[order_id].append(check_id)
        papers = self.ledger.papers
        printed = {
            order_id
            for order_id in self.ledger.accepted
            if len(checks[order_id]) == len(self.points[self.ledger.sent[order_id]])
            and all(papers[check_id] for check_id in checks[order_id])
        }
        doubled = [order_id for order_id, ids in checks.items() if any(papers[each] > 1 for each in ids)]
        lost = self.ledger.accepted - printed
        accepted = len(self.ledger.accepted)
        return Row(len(self.ledger.sent), accepted, len(printed), len(lost), len(doubled), self.note)

    def require_all_in_order(self, row: Row) -> None:
        """Fail unless nothing was lost or doubled, the log holds, and every file is whole and on record."""
        assert not self.ledger.problems
        assert (row.lost, row.doubled) == (0, 0), row
        assert row.sent == row.accepted == row.printed > 0, row
        assert self._files_that_differ() == []
        own = "SELECT id FROM checks_check WHERE order_id = ANY(%s)"
        ids = [str(check_id) for (check_id,) in self.stack.sql(own, list(self.ledger.sent))]
        self.stack.service.manage("verify_events", "--quiet", *ids)

    def _files_that_differ(self) -> list[str]:
        recorded = dict(
            self.stack.sql(
                "SELECT DISTINCT ON (data->>'file') data->>'file', data->>'sha256' FROM events_event "
                "JOIN checks_check c ON c.id = check_id "
                "WHERE events_event.type = 'rendered' AND c.order_id = ANY(%s) "
                "ORDER BY data->>'file', events_event.id DESC",
                list(self.ledger.sent),
            )
        )
        found = {
            f"pdf/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (self.stack.media / "pdf").glob("[0-9]*")
            if int(path.name.split("_")[0]) in self.ledger.sent
        }
        return sorted(name for name in recorded | found if recorded.get(name) != found.get(name))


@contextmanager
def flowing(
    stack: Reach, around: int, points: dict[int, tuple[str, ...]] | None = None, printer_pause: float = 0.2
) -> Iterator[Flow]:
    """Let so many orders flow before the block, and as many after it; then wait until all is printed."""
    flow = Flow(stack, points or {POINT: KEYS}, printer_pause)
    flow.start()
    try:
        flow.accept(around)
        yield flow
        flow.accept(around)
        flow.settle()
    finally:
        flow.stop()

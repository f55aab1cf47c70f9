"""What docs/api.md and docs/events.md promise of a check, kept in mind without the service's own code.

Each verb changes the paper as the promise has it, or gives the code of the refusal and changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LEASE = timedelta(seconds=120)
OVERDUE = timedelta(seconds=30)
ATTEMPTS = 4

# The printers of fixtures/printers.json: point, what it prints, what a download means.
PRINTERS = {
    "key1": (1, "kitchen", "confirm"),
    "key2": (1, "client", "confirm"),
    "key3": (2, "kitchen", "confirm"),
    "key4": (2, "kitchen", "resend"),
    "key5": (2, "client", "confirm"),
    "key6": (3, "client", "download"),
    "key7": (4, "kitchen", "download"),
    "key8": (4, "client", "confirm"),
}


def keys_of_point(point_id: int) -> list[str]:
    return [key for key, (point, _, _) in PRINTERS.items() if point == point_id]


@dataclass
class Paper:
    """One check: what everybody may know of it. `why` says what made it fail."""

    id: int
    order_id: int
    key: str
    since: datetime
    status: str = "new"
    events: list[str] = field(default_factory=lambda: ["created"])
    document: bytes | None = None  # what is offered: the original, or a copy's own
    original: bytes | None = None
    lease: datetime | None = None
    attempts: int = 0
    downloads: int = 0
    in_hand: bool = False
    copies: int = 1
    why: str = ""
    erased: bool = False
    last: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.since

    @property
    def type(self) -> str:
        return PRINTERS[self.key][1]

    @property
    def delivery(self) -> str:
        return PRINTERS[self.key][2]

    @property
    def is_listed(self) -> bool:
        return self.status == "rendered" and self.lease is None

    def download(self, now: datetime) -> str:
        if self.erased:
            return "erased"
        if self.document is None:
            return "not_rendered"
        self.downloads += 1
        self.in_hand = True
        self._note(f"downloaded {self.downloads}", now)
        if self.status == "rendered" and self.delivery == "download":
            self._print("download", now)
        elif self.status == "rendered":
            self.lease = now + LEASE
        return ""

    def confirm(self, now: datetime) -> str:
        if refusal := self._not_in_hand():
            return refusal
        if self.status == "printed":
            return ""
        if self.status == "failed" and self.why != "delivery":
            return "transition_refused"
        in_time = self.lease is not None and now <= self.lease
        self._print("confirmed" if in_time else "late", now)
        return ""

    def report_failure(self, now: datetime) -> str:
        if refusal := self._not_in_hand():
            return refusal
        if self.why == "print":
            return ""
        if self.status != "rendered":
            return "transition_refused"
        self._fail("print", now)
        return ""

    def end_lease(self, now: datetime) -> None:
        """What the sweeper does with a lease that has run out."""
        if self.lease is None or now < self.lease:
            return
        self.lease = None
        if self.delivery == "resend":
            self._note("released", now)
        else:
            self._fail("delivery", now)

    def be_rendered(self, document: bytes, now: datetime) -> None:
        self.document = self.original = document
        self._become("rendered", "rendered", now)

    def fail_to_render(self, now: datetime, *, permanent: bool) -> None:
        self.attempts += 1
        self._note(f"render_attempt_failed {self.attempts}", now)
        if permanent or self.attempts == ATTEMPTS:
            self._fail("render", now)

    def retry(self, now: datetime) -> str:
        if self.erased:
            return "erased"
        if self.status != "failed":
            return "transition_refused"
        self.document, self.original, self.attempts, self.in_hand, self.why = None, None, 0, False, ""
        self._become("new", "retried", now)
        return ""

    def reprint(self, now: datetime, copy: bytes | None) -> str:
        """`copy` is the PDF that says so; without one the PDF of before is offered again."""
        if self.erased:
            return "erased"
        if self.status != "printed" and self.why not in {"print", "delivery"}:
            return "transition_refused"
        self.copies += 1
        self.document = copy or self.document
        self.in_hand, self.why = False, ""
        self._become("rendered", f"reprinted {self.copies}", now)
        return ""

    def mark_printed(self, now: datetime) -> str:
        if self.erased:
            return "erased"
        if self.status != "rendered" and self.why != "delivery":
            return "transition_refused"
        self._print("by_hand", now)
        return ""

    def mark_failed(self, now: datetime) -> str:
        if self.erased:
            return "erased"
        if self.status not in {"new", "rendered"}:
            return "transition_refused"
        self._fail("render" if self.status == "new" else "print", now)
        return ""

    def erase(self, now: datetime) -> None:
        """Only after `may_erase` of all checks of the order; a repeat is nothing."""
        if not self.erased:
            self.erased, self.document, self.original = True, None, None
            self._note("erased", now)

    def _not_in_hand(self) -> str:
        if self.erased:
            return "erased"
        return "" if self.in_hand else "never_downloaded"

    def _print(self, how: str, now: datetime) -> None:
        self.lease, self.why = None, ""
        self._become("printed", f"printed {how}", now)

    def _fail(self, stage: str, now: datetime) -> None:
        self.lease, self.why = None, stage
        self._become("failed", f"failed {stage}", now)

    def _become(self, status: str, event: str, now: datetime) -> None:
        self.status = status
        self._note(event, now)
        self.since = self.last

    def _note(self, event: str, now: datetime) -> None:
        """Add the event; time does not run backwards within a check, whatever the clock says."""
        self.events.append(event)
        self.last = max(self.last, now)


def render_together(papers: Iterable[Paper], fresh: bytes, outcome: str, now: datetime) -> str:
    """Do with an order's checks of one type what their job does; say what came of it.

    `nothing` was to do; one of them had a PDF that is `shared`; a `fresh` one was made; or it `failed`.
    """
    papers = list(papers)
    waiting = [paper for paper in papers if paper.status == "new"]
    if not waiting:
        return "nothing"
    shared = next((paper.original for paper in papers if paper.original is not None), None)
    if shared is None and outcome != "works":
        for paper in waiting:
            paper.fail_to_render(now, permanent=outcome == "permanent")
        return "failed"
    for paper in waiting:
        paper.be_rendered(shared or fresh, now)
    return "shared" if shared else "fresh"

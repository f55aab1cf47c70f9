"""The commands that can be given for a check, as values for `lifecycle.decide`."""

from dataclasses import dataclass
from datetime import datetime

from checks.domain.state import UNMARKED


@dataclass(frozen=True)
class Create:
    order_id: str
    type: str
    printer_id: int
    point_id: int
    order_digest: str


@dataclass(frozen=True)
class RecordRender:
    """`file` is a name in the media storage. `ms` is the time from the order to the finished PDF."""

    file: str
    sha256: str
    bytes: int
    pages: int
    ms: int
    renderer: str
    template: str


@dataclass(frozen=True)
class RecordRenderFailure:
    reason: str
    ms: int
    permanent: bool
    max_attempts: int


@dataclass(frozen=True)
class Download:
    """`size` and `file` are the size in bytes and the name of the opened file, None if nobody opened it."""

    at: datetime
    delivery: str
    lease_seconds: int
    size: int | None = None
    file: str | None = None


@dataclass(frozen=True)
class ConfirmPrint:
    at: datetime


@dataclass(frozen=True)
class ReportFailure:
    reason: str


@dataclass(frozen=True)
class ExpireLease:
    at: datetime
    delivery: str


@dataclass(frozen=True)
class MarkPrinted:
    """A person saw the paper."""


@dataclass(frozen=True)
class MarkFailed:
    reason: str


@dataclass(frozen=True)
class Retry:
    """Render the check again."""

    reason: str


@dataclass(frozen=True)
class Reprint:
    """Offer the check to its printer again.

    `copy` is the number of the copy that is meant, None for the next one. `document` is the PDF that was made
    for this copy and carries its number; without one, `unmarked` says why.
    """

    reason: str
    copy: int | None = None
    document: RecordRender | None = None
    unmarked: str = UNMARKED


@dataclass(frozen=True)
class Erase:
    fields: tuple[str, ...]


CommandOnCheck = (
    RecordRender
    | RecordRenderFailure
    | Download
    | ConfirmPrint
    | ReportFailure
    | ExpireLease
    | MarkPrinted
    | MarkFailed
    | Retry
    | Reprint
    | Erase
)
Command = Create | CommandOnCheck

"""What somebody may want of a check, as values for `lifecycle.decide`."""

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
    """`file` is a name in the media storage, `ms` the time from the order to the finished PDF."""

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
    """`size` is that of the file at hand in bytes, and `file` its name, if anybody looked."""

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
    """Render again."""

    reason: str


@dataclass(frozen=True)
class Reprint:
    """Offer to the printer again.

    `copy` is the number of the paper copy that was meant, None where nobody looked. `document` is the PDF
    that was made for it and says so; without one, `unmarked` is why.
    """

    reason: str
    copy: int | None = None
    document: RecordRender | None = None
    unmarked: str = UNMARKED


@dataclass(frozen=True)
class Erase:
    fields: tuple[str, ...]


Command = (
    Create
    | RecordRender
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

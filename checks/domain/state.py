"""What a check is at one moment, as its events tell it. No Django."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

UNCONFIRMED = "unconfirmed"
UNMARKED = "unmarked"  # the reason why a copy has no PDF of its own, where nobody tried to make one


class Status(str, Enum):
    NEW = "new"
    RENDERED = "rendered"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckState:
    """A check as its events tell it.

    `render_attempts` and `copy_downloaded` speak of the current rendering and the current paper copy,
    `downloads` of all. `copies` counts the paper copies that were asked for; `marked_copy` is the number that
    the PDF says, 1 where it says none.
    """

    status: Status
    version: int
    status_changed_at: datetime
    order_id: str
    type: str
    printer_id: int
    order_digest: str
    lease_expires_at: datetime | None = None
    pdf_file: str = ""
    pdf_bytes: int = 0
    render_attempts: int = 0
    downloads: int = 0
    copy_downloaded: bool = False
    copies: int = 1
    marked_copy: int = 1
    failed_stage: str = ""
    failed_reason: str = ""
    erased: bool = False

    def with_changes(self, changes: dict[str, Any]) -> "CheckState":
        """Return a copy with these fields changed: dataclasses.replace, without a call of __init__.

        The log is folded at tens of thousands of events a second, and this is most of a fold.
        """
        copy = object.__new__(CheckState)
        vars(copy).update(vars(self), **changes)
        return copy

    @property
    def is_unconfirmed(self) -> bool:
        return self.failed_stage == "delivery" and self.failed_reason == UNCONFIRMED

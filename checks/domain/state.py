"""What a check is at one moment, according to its events. No Django."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypedDict

from typing_extensions import Unpack

UNCONFIRMED = "unconfirmed"
UNMARKED = "unmarked"  # why a copy has no PDF of its own when nobody tried to make one


class Status(str, Enum):
    NEW = "new"
    RENDERED = "rendered"
    PRINTED = "printed"
    FAILED = "failed"


class Changes(TypedDict, total=False):
    """The fields of a state that an event may change; `after` sets the version and `status_changed_at`."""

    status: Status
    lease_expires_at: datetime | None
    pdf_file: str
    pdf_bytes: int
    render_attempts: int
    downloads: int
    copy_downloaded: bool
    copies: int
    marked_copy: int
    failed_stage: str
    failed_reason: str
    erased: bool


@dataclass(frozen=True)
class CheckState:
    """A check according to its events.

    `render_attempts` and `copy_downloaded` describe the current rendering and the current paper copy,
    `downloads` counts all downloads. `copies` counts the paper copies that were asked for. `marked_copy` is
    the copy number printed on the PDF, 1 if it has none.
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

    def after(self, at: datetime, **changes: Unpack[Changes]) -> "CheckState":
        """Return the state that an event at `at` leads to; raises TypeError for a field that does not exist.

        Like dataclasses.replace, but without a call of __init__, which would be most of a fold.
        """
        state = object.__new__(CheckState)
        fields = vars(state)
        fields.update(vars(self), **changes)
        fields["version"] += 1
        if len(fields) != _FIELDS:
            raise TypeError(f"A check's state has no field {', '.join(fields.keys() - vars(self).keys())}.")
        if fields["status"] is not self.status:
            fields["status_changed_at"] = at
        return state

    @property
    def is_unconfirmed(self) -> bool:
        return self.failed_stage == "delivery" and self.failed_reason == UNCONFIRMED


_FIELDS = len(CheckState.__dataclass_fields__)

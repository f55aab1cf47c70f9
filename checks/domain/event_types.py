"""The payloads of a check's events. No Django, and no personal data, which stays in the order.

Names and fields are pinned, because the log is made of them; a new shape gets the next schema_version and an
upcaster. Order ids are text: they go up to 2^63 - 1, JSON's whole numbers only up to 2^53 - 1.
"""

from dataclasses import dataclass

from checks.domain.state import UNMARKED
from events.log.registry import Data, registry


@registry.event("created")
@dataclass(frozen=True)
class Created:
    """`order_digest` reveals a later change of the order; without the order's salt it says nothing."""

    order_id: str
    type: str
    printer_id: int
    point_id: int
    order_digest: str


@registry.event("render_attempt_failed")
@dataclass(frozen=True)
class RenderAttemptFailed:
    """`attempt` counts the attempts at the current PDF; `ms` is how long this one took."""

    attempt: int
    reason: str
    ms: int


@registry.event("rendered")
@dataclass(frozen=True)
class Rendered:
    """`file` is a name in the media storage. `ms` is the time from the order to the finished PDF."""

    file: str
    sha256: str
    bytes: int
    pages: int
    ms: int
    renderer: str
    template: str


@registry.event("downloaded")
@dataclass(frozen=True)
class Downloaded:
    """`attempt` counts the check's downloads.

    `lease_expires_at` is ISO 8601 in UTC, None if no confirmation is awaited.
    """

    attempt: int
    lease_expires_at: str | None


@registry.event("printed")
@dataclass(frozen=True)
class Printed:
    """`how` is confirmed, download, late or by_hand."""

    how: str


@registry.event("failed")
@dataclass(frozen=True)
class Failed:
    """`stage` is render, print or delivery. `permanent` says that trying again cannot help."""

    stage: str
    reason: str
    permanent: bool


@registry.event("released")
@dataclass(frozen=True)
class Released:
    """A lease ran out on a printer that may be sent the check again."""


@registry.event("retried")
@dataclass(frozen=True)
class Retried:
    """Somebody asked for a new rendering. `reason` is what they wrote."""

    reason: str


@registry.event("reprinted", schema_version=2)
@dataclass(frozen=True)
class Reprinted:
    """`copy` counts the paper copies: the first reprint is copy 2.

    `file`, `sha256` and `bytes` are of the PDF that was made for this copy and carries its number. Without
    one they are empty, the old PDF is printed once more, and `unmarked` says why.
    """

    reason: str
    copy: int
    file: str
    sha256: str
    bytes: int
    unmarked: str


@registry.upcaster("reprinted", from_version=1)
def _reprinted_without_a_mark(data: Data) -> Data:
    """In version 1 no copy had a PDF of its own."""
    return {**data, "file": "", "sha256": "", "bytes": 0, "unmarked": UNMARKED}


@registry.event("erased")
@dataclass(frozen=True)
class Erased:
    """`fields` names what was erased."""

    fields: list[str]


Payload = (
    Created
    | RenderAttemptFailed
    | Rendered
    | Downloaded
    | Printed
    | Failed
    | Released
    | Retried
    | Reprinted
    | Erased
)

"""A check is the fold of its events: `evolve(state, event, at)` returns the state after an event.

Pure functions without Django, clock or database. The type checker reports an event that has no `case`.
"""

from collections.abc import Iterable
from datetime import datetime

from typing_extensions import assert_never

from checks.domain import event_types as happened
from checks.domain.event_types import Payload
from checks.domain.refusals import TransitionRefusedError
from checks.domain.state import Changes, CheckState, Status


def evolve(state: CheckState | None, event: Payload, at: datetime) -> CheckState:  # noqa: C901 - a table
    """Return the state after `event`, which happened at `at`. Accepts every event ever recorded."""
    if isinstance(event, happened.Created):
        return _created(event, at)
    if state is None:
        raise TransitionRefusedError(status="")
    match event:
        case happened.Rendered():
            return _rendered(state, event, at)
        case happened.Downloaded():
            return _downloaded(state, event, at)
        case happened.Printed():
            return _printed(state, at)
        case happened.RenderAttemptFailed():
            return state.after(at, render_attempts=event.attempt)
        case happened.Failed():
            return _failed(state, event, at)
        case happened.Released():
            return state.after(at, lease_expires_at=None)
        case happened.Retried():
            return _retried(state, at)
        case happened.Reprinted():
            return _reprinted(state, event, at)
        case happened.Erased():
            return state.after(at, erased=True, pdf_file="", pdf_bytes=0)
        case _:
            assert_never(event)


def fold(events: Iterable[tuple[Payload, datetime]], state: CheckState | None = None) -> CheckState | None:
    """Return the state that a stream of (event, moment) leads to, None for an empty one."""
    for event, at in events:
        state = evolve(state, event, at)
    return state


def _created(event: happened.Created, at: datetime) -> CheckState:
    return CheckState(
        Status.NEW,
        version=1,
        status_changed_at=at,
        order_id=event.order_id,
        type=event.type,
        printer_id=event.printer_id,
        order_digest=event.order_digest,
    )


def _rendered(state: CheckState, event: happened.Rendered, at: datetime) -> CheckState:
    return state.after(at, status=Status.RENDERED, pdf_file=event.file, pdf_bytes=event.bytes)


def _downloaded(state: CheckState, event: happened.Downloaded, at: datetime) -> CheckState:
    if event.lease_expires_at is None:
        return state.after(at, downloads=event.attempt, copy_downloaded=True)
    lease_expires_at = datetime.fromisoformat(event.lease_expires_at)
    return state.after(at, downloads=event.attempt, copy_downloaded=True, lease_expires_at=lease_expires_at)


def _printed(state: CheckState, at: datetime) -> CheckState:
    return state.after(at, status=Status.PRINTED, failed_stage="", failed_reason="", lease_expires_at=None)


def _failed(state: CheckState, event: happened.Failed, at: datetime) -> CheckState:
    return state.after(
        at,
        status=Status.FAILED,
        failed_stage=event.stage,
        failed_reason=event.reason,
        lease_expires_at=None,
    )


def _retried(state: CheckState, at: datetime) -> CheckState:
    return state.after(
        at,
        status=Status.NEW,
        pdf_file="",
        pdf_bytes=0,
        marked_copy=1,
        render_attempts=0,
        copy_downloaded=False,
        failed_stage="",
        failed_reason="",
        lease_expires_at=None,
    )


def _reprinted(state: CheckState, event: happened.Reprinted, at: datetime) -> CheckState:
    """Offer the copy's own PDF, or the existing one if the copy got none."""
    changes: Changes = {
        "status": Status.RENDERED,
        "copies": event.copy,
        "copy_downloaded": False,
        "failed_stage": "",
        "failed_reason": "",
        "lease_expires_at": None,
    }
    if event.file:
        changes |= {"pdf_file": event.file, "pdf_bytes": event.bytes, "marked_copy": event.copy}
    return state.after(at, **changes)

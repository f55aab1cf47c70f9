"""What may happen to a check: two pure functions over its events. No Django, no clock, no database.

`decide(state, command)` says which events a command causes, or raises; what is not written here is refused.
`evolve(state, event, at)` says what an event makes of a state. A check is the fold of its events.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from checks.domain import commands as do
from checks.domain import event_types as happened
from checks.domain.event_types import Payload
from checks.domain.refusals import (
    CopyTakenError,
    DocumentMissingError,
    DocumentReplacedError,
    ErasedError,
    NeverDownloadedError,
    NotRenderedError,
    TransitionRefusedError,
)
from checks.domain.state import UNCONFIRMED, CheckState, Status
from printers.delivery import Delivery


def decide(state: CheckState | None, command: do.Command) -> list[Payload]:
    """Return the events that `command` causes; none for a repeat of what has been done already.

    Raises a ForFarError for whatever the table of a check's life does not allow.
    """
    if isinstance(command, do.Create):
        if state is not None:
            raise _refused(state)
        return [happened.Created(**vars(command))]
    if state is None:
        raise TransitionRefusedError(status="")
    if state.erased:
        return _of_erased(command)
    return _DECISIONS[type(command)](state, command)


def _of_erased(command: do.Command) -> list[Payload]:
    if isinstance(command, do.Erase):
        return []
    raise ErasedError


def _refused(state: CheckState) -> TransitionRefusedError:
    return TransitionRefusedError(status=state.status.value)


def _record_render(state: CheckState, command: do.RecordRender) -> list[Payload]:
    if state.status is not Status.NEW:
        raise _refused(state)
    return [happened.Rendered(**vars(command))]


def _record_render_failure(state: CheckState, command: do.RecordRenderFailure) -> list[Payload]:
    if state.status is not Status.NEW:
        raise _refused(state)
    attempt = state.render_attempts + 1
    events: list[Payload] = [happened.RenderAttemptFailed(attempt, command.reason, command.ms)]
    if command.permanent or attempt >= command.max_attempts:
        events.append(happened.Failed("render", command.reason, command.permanent))
    return events


def _download(state: CheckState, command: do.Download) -> list[Payload]:
    if not state.pdf_file:
        raise NotRenderedError
    if command.file not in {None, state.pdf_file}:
        raise DocumentReplacedError
    if command.size not in {None, state.pdf_bytes}:
        raise DocumentMissingError
    attempt = state.downloads + 1
    if state.status is not Status.RENDERED:
        return [happened.Downloaded(attempt, None)]
    if command.delivery == Delivery.DOWNLOAD:
        return [happened.Downloaded(attempt, None), happened.Printed("download")]
    lease_expires_at = command.at + timedelta(seconds=command.lease_seconds)
    return [happened.Downloaded(attempt, lease_expires_at.isoformat())]


def _confirm_print(state: CheckState, command: do.ConfirmPrint) -> list[Payload]:
    if not state.copy_downloaded:
        raise NeverDownloadedError
    if state.status is Status.PRINTED:
        return []
    if state.status is Status.RENDERED:
        in_time = state.lease_expires_at is not None and command.at <= state.lease_expires_at
        return [happened.Printed("confirmed" if in_time else "late")]
    if state.is_unconfirmed:
        return [happened.Printed("late")]
    raise _refused(state)


def _report_failure(state: CheckState, command: do.ReportFailure) -> list[Payload]:
    if not state.copy_downloaded:
        raise NeverDownloadedError
    if state.failed_stage == "print":
        return []
    if state.status is not Status.RENDERED:
        raise _refused(state)
    return [happened.Failed("print", command.reason, permanent=False)]


def _expire_lease(state: CheckState, command: do.ExpireLease) -> list[Payload]:
    """End a lease that ran out; a lease that was renewed or settled meanwhile is left alone."""
    if state.lease_expires_at is None or command.at < state.lease_expires_at:
        return []
    if command.delivery == Delivery.RESEND:
        return [happened.Released()]
    return [happened.Failed("delivery", UNCONFIRMED, permanent=False)]


def _mark_printed(state: CheckState, _command: do.MarkPrinted) -> list[Payload]:
    if state.status is Status.RENDERED or state.is_unconfirmed:
        return [happened.Printed("by_hand")]
    raise _refused(state)


def _mark_failed(state: CheckState, command: do.MarkFailed) -> list[Payload]:
    if state.status not in {Status.NEW, Status.RENDERED}:
        raise _refused(state)
    stage = "render" if state.status is Status.NEW else "print"
    return [happened.Failed(stage, command.reason, permanent=True)]


def _retry(state: CheckState, command: do.Retry) -> list[Payload]:
    """Render anew, whatever failed: a PDF that was lost cannot be printed again."""
    if state.status is not Status.FAILED:
        raise _refused(state)
    return [happened.Retried(command.reason)]


def _reprint(state: CheckState, command: do.Reprint) -> list[Payload]:
    if state.status is not Status.PRINTED and state.failed_stage not in {"print", "delivery"}:
        raise _refused(state)
    copy, made = state.copies + 1, command.document
    if command.copy not in {None, copy}:
        raise CopyTakenError
    if made is None:
        return [happened.Reprinted(command.reason, copy, "", "", 0, command.unmarked)]
    return [happened.Reprinted(command.reason, copy, made.file, made.sha256, made.bytes, "")]


def _erase(state: CheckState, command: do.Erase) -> list[Payload]:
    if state.status not in {Status.PRINTED, Status.FAILED}:
        raise _refused(state)
    return [happened.Erased(list(command.fields))]


_DECISIONS: dict[type, Callable[[CheckState, Any], list[Payload]]] = {
    do.RecordRender: _record_render,
    do.RecordRenderFailure: _record_render_failure,
    do.Download: _download,
    do.ConfirmPrint: _confirm_print,
    do.ReportFailure: _report_failure,
    do.ExpireLease: _expire_lease,
    do.MarkPrinted: _mark_printed,
    do.MarkFailed: _mark_failed,
    do.Retry: _retry,
    do.Reprint: _reprint,
    do.Erase: _erase,
}


def evolve(state: CheckState | None, event: Payload, at: datetime) -> CheckState:
    """Return the state after `event`, which happened at `at`. Accepts whatever `decide` has ever returned."""
    if isinstance(event, happened.Created):
        return CheckState(
            Status.NEW,
            version=1,
            status_changed_at=at,
            order_id=event.order_id,
            type=event.type,
            printer_id=event.printer_id,
            order_digest=event.order_digest,
        )
    if state is None:
        raise TransitionRefusedError(status="")
    changes = _EFFECTS[type(event)](state, event) | {"version": state.version + 1}
    if changes.get("status", state.status) is not state.status:
        changes["status_changed_at"] = at
    return state.with_changes(changes)


def fold(events: Iterable[tuple[Payload, datetime]], state: CheckState | None = None) -> CheckState | None:
    """Return the state that a stream of (event, moment) leads to; None for an empty one."""
    for event, at in events:
        state = evolve(state, event, at)
    return state


_Changes = dict[str, Any]
_SETTLED: _Changes = {"failed_stage": "", "failed_reason": "", "lease_expires_at": None}


def _downloaded(state: CheckState, event: happened.Downloaded) -> _Changes:
    changes: _Changes = {"downloads": event.attempt, "copy_downloaded": True}
    if event.lease_expires_at is not None:
        changes["lease_expires_at"] = datetime.fromisoformat(event.lease_expires_at)
    return changes


def _reprinted(_: CheckState, event: happened.Reprinted) -> _Changes:
    """Offer the copy's own PDF, or the one that there is where the copy got none."""
    changes: _Changes = {"status": Status.RENDERED, "copies": event.copy, "copy_downloaded": False}
    if event.file:
        changes |= {"pdf_file": event.file, "pdf_bytes": event.bytes, "marked_copy": event.copy}
    return changes | _SETTLED


_EFFECTS: dict[type, Callable[[CheckState, Any], _Changes]] = {
    happened.RenderAttemptFailed: lambda _, event: {"render_attempts": event.attempt},
    happened.Rendered: lambda _, event: {
        "status": Status.RENDERED,
        "pdf_file": event.file,
        "pdf_bytes": event.bytes,
    },
    happened.Downloaded: _downloaded,
    happened.Printed: lambda _, __: {"status": Status.PRINTED, **_SETTLED},
    happened.Failed: lambda _, event: {
        "status": Status.FAILED,
        "failed_stage": event.stage,
        "failed_reason": event.reason,
        "lease_expires_at": None,
    },
    happened.Released: lambda _, __: {"lease_expires_at": None},
    happened.Retried: lambda _, __: {
        "status": Status.NEW,
        "pdf_file": "",
        "pdf_bytes": 0,
        "marked_copy": 1,
        "render_attempts": 0,
        "copy_downloaded": False,
        **_SETTLED,
    },
    happened.Reprinted: _reprinted,
    happened.Erased: lambda _, __: {"erased": True, "pdf_file": "", "pdf_bytes": 0},
}

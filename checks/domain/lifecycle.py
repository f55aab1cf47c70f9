"""What can happen to a check: `decide(state, command)` returns the events that a command causes, or raises.

A pure function without Django, clock or database. The type checker reports a command that has no `case`.
"""

from datetime import timedelta

from typing_extensions import assert_never

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
    """Return the events that `command` causes, none if it repeats what has been done already.

    Raises a ForFarError if the check's state does not allow the command.
    """
    if isinstance(command, do.Create):
        return _create(state, command)
    if state is None:
        raise TransitionRefusedError(status="")
    if state.erased:
        return _command_on_erased(command)
    return _command_on_check(state, command)


def _command_on_check(state: CheckState, command: do.CommandOnCheck) -> list[Payload]:  # noqa: C901 - a table
    match command:
        case do.RecordRender():
            return _record_render(state, command)
        case do.RecordRenderFailure():
            return _record_render_failure(state, command)
        case do.Download():
            return _download(state, command)
        case do.ConfirmPrint():
            return _confirm_print(state, command)
        case do.ReportFailure():
            return _report_failure(state, command)
        case do.ExpireLease():
            return _expire_lease(state, command)
        case do.MarkPrinted():
            return _mark_printed(state)
        case do.MarkFailed():
            return _mark_failed(state, command)
        case do.Retry():
            return _retry(state, command)
        case do.Reprint():
            return _reprint(state, command)
        case do.Erase():
            return _erase(state, command)
        case _:
            assert_never(command)


def _command_on_erased(command: do.CommandOnCheck) -> list[Payload]:
    if isinstance(command, do.Erase):
        return []
    raise ErasedError


def _refused(state: CheckState) -> TransitionRefusedError:
    return TransitionRefusedError(status=state.status.value)


def _create(state: CheckState | None, command: do.Create) -> list[Payload]:
    if state is not None:
        raise _refused(state)
    created = happened.Created(
        order_id=command.order_id,
        type=command.type,
        printer_id=command.printer_id,
        point_id=command.point_id,
        order_digest=command.order_digest,
    )
    return [created]


def _record_render(state: CheckState, command: do.RecordRender) -> list[Payload]:
    if state.status is not Status.NEW:
        raise _refused(state)
    rendered = happened.Rendered(
        file=command.file,
        sha256=command.sha256,
        bytes=command.bytes,
        pages=command.pages,
        ms=command.ms,
        renderer=command.renderer,
        template=command.template,
    )
    return [rendered]


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
    """End a lease that ran out; leave alone one that was renewed or confirmed meanwhile."""
    if state.lease_expires_at is None or command.at < state.lease_expires_at:
        return []
    if command.delivery == Delivery.RESEND:
        return [happened.Released()]
    return [happened.Failed("delivery", UNCONFIRMED, permanent=False)]


def _mark_printed(state: CheckState) -> list[Payload]:
    if state.status is Status.RENDERED or state.is_unconfirmed:
        return [happened.Printed("by_hand")]
    raise _refused(state)


def _mark_failed(state: CheckState, command: do.MarkFailed) -> list[Payload]:
    if state.status not in {Status.NEW, Status.RENDERED}:
        raise _refused(state)
    stage = "render" if state.status is Status.NEW else "print"
    return [happened.Failed(stage, command.reason, permanent=True)]


def _retry(state: CheckState, command: do.Retry) -> list[Payload]:
    """Render again, whatever failed: the PDF may be lost, and a lost PDF cannot be printed again."""
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

"""One sentence on where a check stands and what happens next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from checks.admin.words import duration_in_words, reason_in_words
from checks.domain.state import CheckState, Status
from printers.delivery import Delivery

SLOW_RENDER = timedelta(minutes=1)

SENTENCES = {
    "erased": _("The client's data in this check was erased, so it cannot be printed again."),
    "rendering": _("It has been waiting for its PDF for %(since)s; a worker makes it next."),
    "rendering_late": _(
        "It has been waiting for its PDF for %(since)s, which is too long: the workers are busy or stopped, "
        "so tell the administrator of the service."
    ),
    "rendering_again": _(
        "Rendering has failed %(attempts)s times and is tried again within seconds; you need not do anything "
        "yet."
    ),
    "document_gone": _(
        "Its PDF is missing from the storage, so the printer cannot fetch it: mark the check as failed, then "
        "render it again."
    ),
    "printer_never_seen": _(
        "Waiting for printer %(printer)s, which was never seen: check that it is switched on, has a network "
        "connection and the right API key; then it fetches the check by itself."
    ),
    "printer_silent": _(
        "Waiting for printer %(printer)s, which was last seen %(seen)s ago: check that it is switched on and "
        "has a network connection; then it fetches the check by itself."
    ),
    "offered": _(
        "Waiting for printer %(printer)s, which was last seen %(seen)s ago and fetches the check with its "
        "next poll."
    ),
    "offered_again": _(
        "Printer %(printer)s fetched it and did not confirm, so it is offered again; the printer was last "
        "seen %(seen)s ago."
    ),
    "leased": _("Printer %(printer)s has fetched it and has %(lease)s left to confirm the print."),
    "lease_over_resend": _(
        "Printer %(printer)s should have confirmed the print %(lease)s ago; the check is about to be offered "
        "again."
    ),
    "lease_over": _(
        "Printer %(printer)s should have confirmed the print %(lease)s ago; the check is about to count as "
        "failed and to need a person."
    ),
    "printed": _("Printed %(since)s ago; nothing is left to do."),
    "printed_confirmed": _("Printed: printer %(printer)s confirmed it %(since)s ago; nothing is left to do."),
    "printed_late": _(
        "Printed: printer %(printer)s confirmed it late, %(since)s ago; nothing is left to do."
    ),
    "printed_by_hand": _("Marked as printed by staff %(since)s ago; nothing is left to do."),
    "printed_download": _(
        "Fetched by printer %(printer)s %(since)s ago, which counts as printed, because this printer does "
        "not confirm."
    ),
    "failed_by_staff": _(
        "%(person)s marked it as failed %(since)s ago (%(reason)s); it stays so until you act."
    ),
    "unconfirmed": _(
        "Printer %(printer)s fetched it and did not confirm: ask at the point whether the paper came out; if "
        "it did, mark the check as printed, otherwise print it again."
    ),
    "not_rendered": _(
        "It has no PDF (%(reason)s) and is not tried again: once the cause is removed, render it again."
    ),
    "not_printed": _(
        "Printer %(printer)s could not print it (%(reason)s): mend the printer, then print the check again."
    ),
}


@dataclass(frozen=True)
class Facts:
    """What is known beside the check's state at the moment `now`.

    `silent_after` is how long its printer may go unseen. `failed_by` names the member of staff who marked the
    check as failed. `printed_how` is as in the event.
    """

    now: datetime
    printer: str
    delivery: str
    last_seen_at: datetime | None
    silent_after: timedelta
    document_in_place: bool = True
    failed_by: str = ""
    printed_how: str = ""


def what_now(state: CheckState, facts: Facts) -> str:
    """Say in the active language where the check stands and what to do."""
    lease = state.lease_expires_at
    words = {
        "printer": facts.printer,
        "since": duration_in_words(facts.now - state.status_changed_at),
        "seen": duration_in_words(facts.now - facts.last_seen_at) if facts.last_seen_at else "",
        "lease": duration_in_words(abs(lease - facts.now)) if lease else "",
        "attempts": state.render_attempts,
        "reason": reason_in_words(state.failed_reason),
        "person": facts.failed_by,
    }
    return str(SENTENCES[case_of(state, facts)]) % words


def case_of(state: CheckState, facts: Facts) -> str:
    """Return the key of the sentence that is true."""
    if state.erased:
        return "erased"
    if state.status is Status.NEW:
        return _of_new(state, facts)
    if state.status is Status.RENDERED:
        return _of_rendered(state, facts)
    if state.status is Status.PRINTED:
        case = f"printed_{facts.printed_how}"
        return case if case in SENTENCES else "printed"
    return _of_failed(state, facts)


def _of_new(state: CheckState, facts: Facts) -> str:
    if facts.now - state.status_changed_at >= SLOW_RENDER:
        return "rendering_late"
    return "rendering_again" if state.render_attempts else "rendering"


def _of_rendered(state: CheckState, facts: Facts) -> str:
    if not facts.document_in_place:
        return "document_gone"
    if state.lease_expires_at is not None:
        if facts.now < state.lease_expires_at:
            return "leased"
        return "lease_over_resend" if facts.delivery == Delivery.RESEND else "lease_over"
    if facts.last_seen_at is None:
        return "printer_never_seen"
    if facts.now - facts.last_seen_at >= facts.silent_after:
        return "printer_silent"
    return "offered_again" if state.copy_downloaded else "offered"


def _of_failed(state: CheckState, facts: Facts) -> str:
    if facts.failed_by:
        return "failed_by_staff"
    if state.is_unconfirmed:
        return "unconfirmed"
    return "not_rendered" if state.failed_stage == "render" else "not_printed"

"""One sentence on why a check is where it is and what happens next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from checks.admin.words import duration, reason_in_words
from checks.domain.state import CheckState, Status
from printers.delivery import Delivery

SLOW_RENDER = timedelta(minutes=1)

SENTENCES = {
    "erased": _("The client's data in this check has been erased, so it cannot be printed any more."),
    "rendering": _("It has been waiting for its PDF for %(since)s; a worker makes it next."),
    "rendering_late": _(
        "It has been waiting for its PDF for %(since)s, which is too long: the workers are busy or do not "
        "run, so tell whoever runs the service."
    ),
    "rendering_again": _(
        "Rendering has failed %(attempts)s times by now and is tried again by itself within seconds; you "
        "need not do anything yet."
    ),
    "document_gone": _(
        "Its PDF is gone from the storage, so the printer cannot fetch it: mark the check as failed, then "
        "have it rendered again."
    ),
    "printer_unheard": _(
        "Waiting for printer %(printer)s, which has never been heard: see that it is switched on, has "
        "network and the right API key; it then fetches the check by itself."
    ),
    "printer_silent": _(
        "Waiting for printer %(printer)s, which was last heard %(heard)s ago: see whether it is switched on "
        "and has network; once it is back it fetches the check by itself."
    ),
    "offered": _(
        "Waiting for printer %(printer)s, which was last heard %(heard)s ago and fetches the check when it "
        "asks next."
    ),
    "offered_again": _(
        "Printer %(printer)s has fetched it and never confirmed, so it is offered to it again; the printer "
        "was last heard %(heard)s ago."
    ),
    "leased": _("Printer %(printer)s has fetched it and has %(lease)s left to confirm the print."),
    "lease_over_resend": _(
        "Printer %(printer)s should have confirmed the print %(lease)s ago; in a moment the check is offered "
        "to it again."
    ),
    "lease_over": _(
        "Printer %(printer)s should have confirmed the print %(lease)s ago; in a moment the check counts as "
        "failed and needs a person."
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
        "Printer %(printer)s fetched it and never confirmed: ask at the point whether the paper is there; if "
        "so, mark it as printed, and if not, print it again."
    ),
    "not_rendered": _(
        "It has no PDF (%(reason)s) and is not tried again by itself: have it rendered again once that is "
        "over."
    ),
    "not_printed": _(
        "Printer %(printer)s could not print it (%(reason)s): see to the printer, then print the check again."
    ),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a check's surroundings at the moment `now`.

    `heard_at` is when its printer was last heard, `silent_after` from when on that is worrying;
    `failed_by` names the member of staff who gave the check up, `printed_how` is as in the event.
    """

    now: datetime
    printer: str
    delivery: str
    heard_at: datetime | None
    silent_after: timedelta
    document_in_place: bool = True
    failed_by: str = ""
    printed_how: str = ""


def what_now(state: CheckState, facts: Facts) -> str:
    """Say in one sentence of the active language where the check stands and what is to be done."""
    lease = state.lease_expires_at
    words = {
        "printer": facts.printer,
        "since": duration(facts.now - state.status_changed_at),
        "heard": duration(facts.now - facts.heard_at) if facts.heard_at else "",
        "lease": duration(abs(lease - facts.now)) if lease else "",
        "attempts": state.render_attempts,
        "reason": reason_in_words(state.failed_reason),
        "person": facts.failed_by,
    }
    return str(SENTENCES[case_of(state, facts)]) % words


def case_of(state: CheckState, facts: Facts) -> str:
    """Return which of the SENTENCES is true."""
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
    if facts.heard_at is None:
        return "printer_unheard"
    if facts.now - facts.heard_at >= facts.silent_after:
        return "printer_silent"
    return "offered_again" if state.copy_downloaded else "offered"


def _of_failed(state: CheckState, facts: Facts) -> str:
    if facts.failed_by:
        return "failed_by_staff"
    if state.is_unconfirmed:
        return "unconfirmed"
    return "not_rendered" if state.failed_stage == "render" else "not_printed"

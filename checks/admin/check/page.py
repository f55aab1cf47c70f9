"""What the page of a check shows, read in a fixed number of queries."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from checks.admin.check.actions import Action, allowed_actions
from checks.admin.check.actors import ActorNames, names_of
from checks.admin.check.as_of import AsOf, in_field, read_as_of
from checks.admin.check.differences import in_words
from checks.admin.check.durations import Durations
from checks.admin.check.phases import phases
from checks.admin.check.render_job import RenderJob, render_job_of
from checks.admin.check.selectors import timeline_of
from checks.admin.check.steps import Row, Window, asked_window_end, rows_of, window_of
from checks.admin.check.timeline import Step, Timeline, columns_of
from checks.admin.check.what_now import Facts, what_now
from checks.admin.words import column_name, column_value
from checks.domain.personal_data import may_see_personal_data
from checks.domain.projection import COLUMNS
from checks.integrity.verification import differences_of
from checks.models import Check
from checks.rendering.document.receipt import Receipt, read_receipt
from checks.rendering.files import is_stored
from foundation.context import Actor
from printers.models import CheckType
from printers.selectors import last_seen_at


class ColumnComparison(NamedTuple):
    """A column as the events say and as the history record says."""

    name: str
    folded: str
    recorded: str
    agrees: bool


@dataclass(frozen=True)
class CheckPage:
    """The check as it is now, or as of the version or moment in `as_of`.

    `differences` are between the events, the check's row and its history, in words; none of a past version.
    `sentence` says what happens next; "" for a check whose events make no sense.
    """

    check: Check
    timeline: Timeline
    differences: list[str]
    as_of: AsOf
    shown_until: datetime
    columns: list[ColumnComparison]
    rows: list[Row]
    window: Window
    durations: Durations
    receipt: Receipt | None
    order_json: str
    may_see_personal_data: bool
    has_document: bool
    sentence: str
    actions: list[Action]
    job: RenderJob | None

    @property
    def past(self) -> Step | None:
        """Return the step as of which the check is shown; None for the check as it is now."""
        return self.timeline.last if self.as_of.version is not None else None

    @property
    def agrees(self) -> bool:
        return not self.differences

    @property
    def columns_agree(self) -> bool:
        return self.timeline.state is not None and all(column.agrees for column in self.columns)

    @property
    def may_see_pdf(self) -> bool:
        return may_see_pdf(self.check, self.may_see_personal_data)

    @property
    def at_in_field(self) -> str:
        return in_field(self.shown_until)


def check_page(check: Check, *, request: HttpRequest, may_act: bool, now: datetime) -> CheckPage:
    """Gather what the page shows as of the version or moment in its address."""
    as_of = read_as_of(request.GET, check, now)
    is_past = as_of.version is not None
    timeline = timeline_of(check, until=as_of.version, window_end=asked_window_end(request))
    last, state = timeline.last, timeline.state
    ends = as_of.at or (last.event.occurred_at if is_past and last else now)
    names = names_of([*(step.event.actor for step in timeline.steps), _failed_by(timeline)])
    has_document = state is not None and bool(state.pdf_file) and is_stored(state.pdf_file, state.pdf_bytes)
    facts = _facts(check, timeline, names, has_document=has_document, now=now)
    may_see = may_see_personal_data(request.user)
    return CheckPage(
        check=check,
        timeline=timeline,
        differences=[] if is_past else in_words(differences_of(check.pk)),
        as_of=as_of,
        shown_until=ends,
        columns=_columns(last, as_of) if is_past and last else [],
        rows=rows_of(timeline, names),
        window=window_of(timeline, as_of),
        durations=Durations.of(phases(timeline.states, ends)),
        receipt=_receipt(check),
        order_json=json.dumps(check.order, ensure_ascii=False, indent=2) if may_see else "",
        may_see_personal_data=may_see,
        has_document=has_document,
        sentence=what_now(state, facts) if state else "",
        actions=allowed_actions(state) if state and may_act else [],
        job=None if is_past else render_job_of(check, state, request),
    )


def may_see_pdf(check: Check, may_see: bool) -> bool:
    """Tell whether somebody may open the PDF. A client's PDF names the client, a kitchen's names nobody."""
    return may_see or check.type == CheckType.KITCHEN


def _facts(
    check: Check, timeline: Timeline, names: ActorNames, *, has_document: bool, now: datetime
) -> Facts:
    failed_by, printed = _failed_by(timeline), timeline.last_of.get("printed")
    return Facts(
        now=now,
        printer=check.printer.name,
        delivery=check.printer.delivery,
        last_seen_at=last_seen_at(check.printer),
        silent_after=timedelta(seconds=settings.PRINTER_SILENT_SECONDS),
        document_in_place=has_document,
        failed_by=names.in_words(failed_by) if failed_by else "",
        printed_how=printed.data["how"] if printed else "",
    )


def _failed_by(timeline: Timeline) -> str:
    """Return the member of staff who marked the check as failed last; "" if it was not staff."""
    failed = timeline.last_of.get("failed")
    return failed.actor if failed and failed.actor.startswith(f"{Actor.STAFF}:") else ""


def _columns(step: Step, as_of: AsOf) -> list[ColumnComparison]:
    """Compare the events with the history record of the same version or moment."""
    folded = columns_of(step.state) if step.state else {}
    record = (as_of.record if as_of.at else step.record) or {}
    values = [(name, folded.get(name), record.get(name)) for name in COLUMNS]
    return [
        ColumnComparison(column_name(name), column_value(name, told), column_value(name, kept), told == kept)
        for name, told, kept in values
    ]


def _receipt(check: Check) -> Receipt | None:
    try:
        return read_receipt(check.order)
    except (KeyError, TypeError, ValueError):
        return None

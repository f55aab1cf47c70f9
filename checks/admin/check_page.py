"""What the page of one check says, gathered in a fixed number of queries."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from checks.models import Check, CheckType, Printer
from checks.personal_data import may_see_personal_data
from checks.presentation.actions import allowed_actions
from checks.presentation.dwell import dwells, to_scale, totals, waits
from checks.presentation.reading import Names, names_of, story_of
from checks.presentation.story import Step, Story, columns_of
from checks.presentation.what_now import Facts, what_now
from checks.presentation.words import (
    column_name,
    column_value,
    duration,
    event_name,
    paper_in_words,
)
from checks.projection import COLUMNS
from checks.rendering.files import is_stored
from checks.rendering.receipt import Receipt, read_receipt
from checks.state import UNMARKED


def page_of(check: Check, *, request: HttpRequest, may_act: bool, now: datetime) -> dict[str, Any]:
    """Return the context of the check's page, as of the version that the address names, or as it is now."""
    story = story_of(check)
    names = names_of(step.event.actor for step in story.steps)
    version = _asked_version(request, story)
    shown = story.until(version) if version else story
    last = shown.steps[-1] if shown.steps else None
    waited = waits(dwells(shown.states, last.event.occurred_at if version and last else now))
    may_see = may_see_personal_data(request.user)
    return {
        "check": check,
        "story": story,
        "as_of": last if version else None,
        "columns": _columns(last) if version and last else [],
        "rows": _rows(shown, names),
        "pieces": to_scale(waited),
        "totals": totals(waited),
        "receipt": _receipt(check),
        "sent": json.dumps(check.order, ensure_ascii=False, indent=2) if may_see else "",
        "may_see_personal_data": may_see,
        "may_see_pdf": may_see_pdf(check, may_see),
        **_present(check, story, names, may_act=may_act, now=now),
    }


def may_see_pdf(check: Check, may_see: bool) -> bool:
    """Tell whether somebody may open the PDF: the client's names the client, the kitchen's does not."""
    return may_see or check.type == CheckType.KITCHEN


def heard_at(printer: Printer) -> datetime | None:
    """Return when the printer was last heard, as far as that is on record."""
    sighting = getattr(printer, "sighting", None)
    return sighting.seen_at if sighting else None


def _present(check: Check, story: Story, names: Names, *, may_act: bool, now: datetime) -> dict[str, Any]:
    """Say how the check stands now, and offer what can be done; nothing where its events make no sense."""
    state = story.steps[-1].state if story.steps else None
    if state is None:
        return {"sentence": "", "actions": [], "has_document": False}
    has_document = bool(state.pdf_file) and is_stored(state.pdf_file, state.pdf_bytes)
    return {
        "sentence": what_now(state, _facts(check, story, names, has_document=has_document, now=now)),
        "actions": allowed_actions(state) if may_act else [],
        "has_document": has_document,
    }


def _facts(check: Check, story: Story, names: Names, *, has_document: bool, now: datetime) -> Facts:
    return Facts(
        now=now,
        printer=check.printer.name,
        delivery=check.printer.delivery,
        heard_at=heard_at(check.printer),
        silent_after=timedelta(seconds=settings.PRINTER_SILENT_SECONDS),
        document_in_place=has_document,
        failed_by=_failed_by(story, names),
        printed_how=next((step.event.data["how"] for step in _last_first(story, "printed")), ""),
    )


def _failed_by(story: Story, names: Names) -> str:
    """Name the member of staff who marked the check as failed last; "" where a machine did."""
    actor = next((step.event.actor for step in _last_first(story, "failed")), "")
    return names.in_words(actor) if actor.startswith("staff:") else ""


def _last_first(story: Story, event_type: str) -> list[Step]:
    return [step for step in reversed(story.steps) if step.event.type == event_type]


def _asked_version(request: HttpRequest, story: Story) -> int | None:
    """Return the version that ?version= asks for; None for a check's newest one and for what is none."""
    text = request.GET.get("version", "")
    versions = {str(step.event.version): step.event.version for step in story.steps}
    return versions.get(text)


def _rows(story: Story, names: Names) -> list[dict[str, Any]]:
    slowest = max((step.since for step in story.steps if step.since), default=None)
    return [
        {
            "step": step,
            "name": event_name(step.event.type),
            "actor": names.in_words(step.event.actor),
            "note": _note(step),
            "since": duration(step.since) if step.since else "",
            "is_slowest": bool(slowest) and step.since == slowest,
        }
        for step in story.steps
    ]


def _note(step: Step) -> str:
    """Say of a reprint what its paper says; nothing of other events."""
    if step.event.type != "reprinted" or step.state is None:
        return ""
    return paper_in_words(step.state, step.event.data.get("unmarked", UNMARKED))


def _columns(step: Step) -> list[tuple[str, str, str, bool]]:
    """Put what the events say at this version beside what the history record says."""
    folded = columns_of(step.state) if step.state else {}
    record = step.record or {}
    values = [(name, folded.get(name), record.get(name)) for name in COLUMNS]
    return [
        (column_name(name), column_value(name, told), column_value(name, kept), told == kept)
        for name, told, kept in values
    ]


def _receipt(check: Check) -> Receipt | None:
    try:
        return read_receipt(check.order)
    except (KeyError, TypeError, ValueError):
        return None

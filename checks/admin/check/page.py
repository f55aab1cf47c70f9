"""What the page of one check says, gathered in a fixed number of queries."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from checks.admin.check.actions import allowed_actions
from checks.admin.check.as_of import AsOf, asked_as_of, in_field
from checks.admin.check.differences import in_words
from checks.admin.check.dwell import MAX_PIECES, by_phase, dwells, to_scale, totals, waits
from checks.admin.check.job import job_of
from checks.admin.check.reading import Names, names_of, story_of
from checks.admin.check.story import SHOWN, Step, Story, columns_of
from checks.admin.check.what_now import Facts, what_now
from checks.admin.words import column_name, column_value, duration, event_name, paper_in_words
from checks.domain.personal_data import may_see_personal_data
from checks.domain.projection import COLUMNS
from checks.domain.state import UNMARKED
from checks.integrity.verification import differences_of
from checks.models import Check
from checks.rendering.document.receipt import Receipt, read_receipt
from checks.rendering.files import is_stored
from foundation.context import Actor
from foundation.ids import id_in
from printers.models import CheckType, Printer


def page_of(check: Check, *, request: HttpRequest, may_act: bool, now: datetime) -> dict[str, Any]:
    """Return the context of the check's page, as of what the address asks for, or as it is now."""
    asked = asked_as_of(request.GET, check, now)
    story = story_of(check, until=asked.version, window_end=_window_end(request))
    last = story.last
    ends = last.event.occurred_at if asked.version and last else now
    waited = waits(dwells(story.states, asked.at or ends))
    columns = _columns(last, asked) if asked.version and last else []
    names = names_of([*(step.event.actor for step in story.steps), _failed_by(story)])
    may_see = may_see_personal_data(request.user)
    found = [] if asked.version else in_words(differences_of(check.pk))
    return {
        "check": check,
        "story": story,
        "asked": asked,
        "at_in_field": in_field(asked.at or ends),
        "as_of": last if asked.version else None,
        "differences": found,
        "agrees": not found,
        "columns": columns,
        "columns_agree": bool(story.state) and all(same for *_values, same in columns),
        "rows": _rows(story, names),
        "pages": _pages(story, asked),
        "pieces": to_scale(waited if len(waited) <= MAX_PIECES else by_phase(waited)),
        "is_summed": len(waited) > MAX_PIECES,
        "totals": totals(waited),
        "receipt": _receipt(check),
        "sent": json.dumps(check.order, ensure_ascii=False, indent=2) if may_see else "",
        "may_see_personal_data": may_see,
        "may_see_pdf": may_see_pdf(check, may_see),
        **_present(check, story, names, may_act=may_act, now=now),
        **({} if asked.version else job_of(check, story.state, request)),
    }


def may_see_pdf(check: Check, may_see: bool) -> bool:
    """Tell whether somebody may open the PDF: the client's names the client, the kitchen's does not."""
    return may_see or check.type == CheckType.KITCHEN


def heard_at(printer: Printer) -> datetime | None:
    """Return when the printer was last heard, as far as that is on record."""
    presence = getattr(printer, "presence", None)
    return presence.last_seen_at if presence else None


def _present(check: Check, story: Story, names: Names, *, may_act: bool, now: datetime) -> dict[str, Any]:
    """Say how the check stands now, and offer what can be done; nothing where its events make no sense."""
    state = story.state
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
        failed_by=names.in_words(_failed_by(story)) if _failed_by(story) else "",
        printed_how=story.last_of["printed"].data["how"] if "printed" in story.last_of else "",
    )


def _failed_by(story: Story) -> str:
    """Return the actor who marked the check as failed last, if it was one of the staff; else ""."""
    failed = story.last_of.get("failed")
    return failed.actor if failed and failed.actor.startswith(f"{Actor.STAFF}:") else ""


def _window_end(request: HttpRequest) -> int | None:
    """Return the last step to be shown; None for the newest there is."""
    return id_in(request.GET.get("to", ""))


def _pages(story: Story, asked: AsOf) -> dict[str, Any]:
    """Say which steps are shown, and lead to the others."""
    if not story.last or not story.steps:
        return {"newest": f"?{urlencode(asked.query)}"}
    first, last, newest = story.steps[0], story.steps[-1], story.last
    ends: dict[str, int | None] = {}
    if story.steps[0].event.version > 1:
        ends["beginning"] = SHOWN
        ends["before"] = first.event.version - 1
    if last.event.version < newest.event.version:
        ends["after"] = last.event.version + SHOWN
        ends["newest"] = None
    links = {
        name: f"?{urlencode(asked.query | ({'to': end} if end else {}))}#timeline"
        for name, end in ends.items()
    }
    return {**links, "first": first.event.version, "last": last.event.version, "of": newest.event.version}


def _rows(story: Story, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "step": step,
            "name": event_name(step.event.type),
            "actor": names.in_words(step.event.actor),
            "note": _note(step),
            "since": duration(step.since) if step.since else "",
            "is_slowest": bool(story.slowest) and step.since == story.slowest,
        }
        for step in story.steps
    ]


def _note(step: Step) -> str:
    """Say of a reprint what its paper says; nothing of other events."""
    if step.event.type != "reprinted" or step.state is None:
        return ""
    return paper_in_words(step.state, step.event.data.get("unmarked", UNMARKED))


def _columns(step: Step, asked: AsOf) -> list[tuple[str, str, str, bool]]:
    """Put what the events say beside what the history record of the same version or moment says."""
    folded = columns_of(step.state) if step.state else {}
    record = (asked.record if asked.at else step.record) or {}
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

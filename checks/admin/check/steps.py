"""The steps of a timeline that fit on one page, in words, and the links to the others."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest

from checks.admin.check.actors import ActorNames
from checks.admin.check.as_of import AsOf
from checks.admin.check.timeline import STEPS_PER_PAGE, Step, Timeline
from checks.admin.words import duration_in_words, event_name, paper_in_words
from checks.domain.state import UNMARKED

MAX_WINDOW_DIGITS = 9


@dataclass(frozen=True)
class Row:
    """A step in words. `note` is what there is to say of a reprint's paper."""

    step: Step
    name: str
    actor: str
    note: str
    since: str
    is_slowest: bool


@dataclass(frozen=True)
class Window:
    """The versions of the first and last step shown, of how many, and the addresses of other steps."""

    first: int = 0
    last: int = 0
    of: int = 0
    links: dict[str, str] = field(default_factory=dict)


def asked_window_end(request: HttpRequest) -> int | None:
    """Return the version of the last step to show; None for the newest."""
    text = request.GET.get("to", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_WINDOW_DIGITS
    return max(int(text), 1) if is_number else None


def window_of(timeline: Timeline, as_of: AsOf) -> Window:
    if not timeline.last or not timeline.steps:
        return Window(links={"newest": f"?{urlencode(as_of.query)}"})
    first, last = timeline.steps[0].event.version, timeline.steps[-1].event.version
    newest = timeline.last.event.version
    ends: dict[str, int | None] = {}
    if first > 1:
        ends |= {"beginning": STEPS_PER_PAGE, "before": first - 1}
    if last < newest:
        ends |= {"after": last + STEPS_PER_PAGE, "newest": None}
    links = {name: _address(as_of, end) for name, end in ends.items()}
    return Window(first, last, newest, links)


def rows_of(timeline: Timeline, names: ActorNames) -> list[Row]:
    return [
        Row(
            step=step,
            name=event_name(step.event.type),
            actor=names.in_words(step.event.actor),
            note=_note(step),
            since=duration_in_words(step.since) if step.since else "",
            is_slowest=bool(timeline.slowest) and step.since == timeline.slowest,
        )
        for step in timeline.steps
    ]


def _address(as_of: AsOf, end: int | None) -> str:
    return f"?{urlencode(as_of.query | ({'to': end} if end else {}))}#timeline"


def _note(step: Step) -> str:
    if step.event.type != "reprinted" or step.state is None:
        return ""
    return paper_in_words(step.state, step.event.data.get("unmarked", UNMARKED))

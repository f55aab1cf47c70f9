"""The parameters of GET /events/. Unknown ones are refused: ignoring them would give too many events."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from events.api.answers import FORMATS, Format
from events.feed.cursor import position_at
from events.feed.reading import BEGINNING, Position
from events.log.filters import EventFilterSet
from events.models import Event
from foundation.ids import MAX_BIGINT, id_in

DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000
MAX_ACTOR = 120
IDS = ("check", "order", "printer")
OWN = ("after", "limit", "format")
FILTERS = tuple(EventFilterSet.base_filters)
# These filters have an index and keep few events, so one statement can search the whole log.
FOUND_BY_INDEX = ("check", "order", "request")


class Question(NamedTuple):
    """A request for one page."""

    after: Position
    limit: int
    format: Format
    filters: EventFilterSet

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        found: QuerySet[Event] = self.filters.filter_queryset(events)
        return found

    @property
    def at_once(self) -> bool:
        return any(self.filters.form.cleaned_data[name] is not None for name in FOUND_BY_INDEX)


def read_question(request: HttpRequest) -> Question:
    """Read the query. Raises BadCursorError, and ValidationError that names every wrong parameter."""
    query = request.GET
    after = position_at(query["after"]) if "after" in query else BEGINNING
    problems = dict(_ill_formed(query))
    filters = EventFilterSet({name: query[name] for name in FILTERS if name in query})
    problems |= {name: list(messages) for name, messages in filters.errors.items()}
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not _is_number(limit, MAX_LIMIT):
        problems["limit"] = [_("A whole number from 1 to %(most)s is expected.") % {"most": MAX_LIMIT}]
    name = query["format"] if "format" in query else accepted_format(request)
    if name not in FORMATS:
        problems["format"] = [_("One of %(formats)s is expected.") % {"formats": ", ".join(FORMATS)}]
    if problems:
        raise ValidationError(problems)
    return Question(after, int(limit), FORMATS[name], filters)


def accepted_format(request: HttpRequest) -> str:
    """Return the format that the Accept header prefers, or JSON if it prefers none of ours."""
    liked = request.get_preferred_type([each.content_type for each in FORMATS.values()])
    return next((name for name, each in FORMATS.items() if each.content_type == liked), "json")


def _ill_formed(query: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Yield problems that the form would not report: for a form, an empty field is fine, and so is 1.5."""
    for name, values in query.lists():
        if name not in (*OWN, *FILTERS):
            yield name, [_("There is no such parameter.")]
        elif len(values) > 1:
            yield name, [_("It was sent more than once.")]
        elif not values[0]:
            yield name, [_("It is empty.")]
        elif name in IDS and not _is_number(values[0], MAX_BIGINT):
            yield name, [_("A whole number from 1 to %(most)s is expected.") % {"most": MAX_BIGINT}]
        elif name == "actor" and len(values[0]) > MAX_ACTOR:
            yield name, [_("At most %(most)s characters are expected.") % {"most": MAX_ACTOR}]


def _is_number(text: str, most: int) -> bool:
    number = id_in(text)
    return number is not None and number <= most

"""The admin's first page: what needs a person now, and how the last hours went."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from checks.admin.check.list_columns import FAILED_RENDERS, UNCONFIRMED, WAITING_LONG
from checks.admin.home import chart_groups
from checks.admin.home.time_ranges import SPANS, span_named
from checks.admin.words import duration
from checks.services import waiting_work
from checks.services.waiting_work import Heard, Number


class Link(NamedTuple):
    words: str
    address: str


class Card(NamedTuple):
    """One number that leads to its list. `beside` are less urgent ones of the same kind."""

    title: str
    number: str
    is_calm: bool
    words: str
    address: str
    beside: list[Link]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context of the admin's index what this member of staff may see."""
    now, user = timezone.now(), request.user
    sees_checks, sees_printers = user.has_perm("checks.view_check"), user.has_perm("printers.view_printer")
    cards = [*(_of_checks(now) if sees_checks else []), *(_of_printers(now) if sees_printers else [])]
    context.update(cards=cards, now=now)
    if sees_checks and user.has_perm("events.view_event"):
        span = span_named(request.GET.get("range", ""))
        context.update(
            spans=SPANS,
            span=span,
            hours=chart_groups.hours_of_today(now),
            fortunes=chart_groups.fortunes(now, span),
        )
    return context


def _of_checks(now: datetime) -> list[Card]:
    numbers = waiting_work.checks_in_need(now=now)
    return [
        _card(
            _("Unconfirmed checks"),
            numbers.unconfirmed,
            _("Fetched by the printer, never confirmed: see whether they are on paper."),
            _("Every check that was fetched is confirmed, or has time left."),
            _checks(UNCONFIRMED),
        ),
        _card(
            _("Failed renders"),
            numbers.failed_renders,
            _("What was to be printed could not be rendered: see why, then have it rendered again."),
            _("Every check has got its PDF, or is about to."),
            _checks(FAILED_RENDERS),
        ),
        _card(
            _("Checks waiting longer than a minute"),
            numbers.waiting,
            _("New or rendered, and not on paper yet."),
            _("No check waits for long."),
            _checks(WAITING_LONG),
        ),
    ]


def _of_printers(now: datetime) -> list[Card]:
    numbers = waiting_work.printers_in_need(now=now)
    silence = duration(timedelta(seconds=settings.PRINTER_SILENT_SECONDS))
    card = _card(
        _("Printers that stopped polling"),
        numbers.stopped,
        _("Not heard for %(silence)s or longer: see whether they have power and network.")
        % {"silence": silence},
        _("Every printer that polled within the last 7 days still does."),
        _printers(Heard.STOPPED),
    )
    beside = [
        (numbers.gone, _("%(n)s silent for more than 7 days"), Heard.GONE),
        (numbers.never, _("%(n)s never heard"), Heard.NEVER),
    ]
    links = [
        Link(words % {"n": _in_words(number)}, _printers(heard))
        for number, words, heard in beside
        if number.number
    ]
    return [card._replace(beside=links)]


def _card(title: str, number: Number, urgent: str, calm: str, address: str) -> Card:
    is_calm = number.number == 0
    if is_calm and number.is_more:
        calm = _("None among the %(n)s checks that failed last.") % {"n": waiting_work.LOOKED_AT}
    return Card(title, _in_words(number), is_calm, calm if is_calm else urgent, address, [])


def _in_words(number: Number) -> str:
    """Write 7, or 1,000+ where there are or may be more."""
    written = number_format(number.number, use_l10n=True, force_grouping=True)
    return f"{written}+" if number.is_more and number.number else written


def _checks(query: Mapping[str, str]) -> str:
    return f"{reverse('admin:checks_check_changelist')}?{urlencode(query)}"


def _printers(heard: Heard) -> str:
    return f"{reverse('admin:printers_printer_changelist')}?{urlencode({'heard': heard.value})}"

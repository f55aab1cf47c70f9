"""The admin's first page: what needs a person now, and charts of the last hours."""

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

from checks.admin.check.filters import FAILED_RENDERS, UNCONFIRMED, WAITING_LONG
from checks.admin.home import chart_groups
from checks.admin.home.time_ranges import RANGES, range_named
from checks.admin.words import duration_in_words
from checks.domain.state import Status
from checks.services import waiting_work
from checks.services.waiting_work import LastSeen

# Nobody works through more one by one, so a count stops here and is shown as "1,000+".
MAX_COUNT = 1000
LONG_WAIT = timedelta(minutes=1)


class Count(NamedTuple):
    """A number of checks. `is_more` says that there are or may be more."""

    number: int
    is_more: bool = False

    @classmethod
    def capped(cls, number: int, *, may_be_more: bool = False) -> "Count":
        return cls(min(number, MAX_COUNT), may_be_more or number > MAX_COUNT)

    def __str__(self) -> str:
        written = number_format(self.number, use_l10n=True, force_grouping=True)
        return f"{written}+" if self.is_more and self.number else written


class Link(NamedTuple):
    words: str
    address: str


class Card(NamedTuple):
    """A number that links to its list. `beside` has less urgent numbers of the same kind."""

    title: str
    number: str
    is_calm: bool
    words: str
    address: str
    beside: list[Link]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context of the admin's index what this user may see."""
    now, user = timezone.now(), request.user
    sees_checks, sees_printers = user.has_perm("checks.view_check"), user.has_perm("printers.view_printer")
    cards = [
        *(_cards_of_checks(now) if sees_checks else []),
        *([_card_of_printers(now)] if sees_printers else []),
    ]
    context.update(cards=cards, now=now)
    if sees_checks and user.has_perm("events.view_event"):
        chosen = range_named(request.GET.get("range", ""))
        context.update(
            ranges=RANGES,
            range=chosen,
            hours=chart_groups.hours_of_today(now),
            durations=chart_groups.durations_and_failures(now, chosen),
        )
    return context


def _cards_of_checks(now: datetime) -> list[Card]:
    failures = waiting_work.count_failures()
    waiting = waiting_work.count_in_status(
        Status.NEW.value, Status.RENDERED.value, until=now - LONG_WAIT, at_most=MAX_COUNT + 1
    )
    return [
        _card(
            _("Unconfirmed checks"),
            Count.capped(failures.unconfirmed, may_be_more=not failures.are_all),
            _("Fetched by the printer but not confirmed: find out whether they are on paper."),
            _("Every fetched check is confirmed or still has time."),
            _checks(UNCONFIRMED),
        ),
        _card(
            _("Failed renders"),
            Count.capped(failures.not_rendered, may_be_more=not failures.are_all),
            _("These checks have no PDF: find the cause, then render them again."),
            _("Every check has its PDF or is about to get it."),
            _checks(FAILED_RENDERS),
        ),
        _card(
            _("Checks waiting longer than a minute"),
            Count.capped(waiting),
            _("New or rendered, and not on paper yet."),
            _("No check has been waiting for long."),
            _checks(WAITING_LONG),
        ),
    ]


def _card_of_printers(now: datetime) -> Card:
    numbers = waiting_work.count_printers(now=now)
    silence = duration_in_words(timedelta(seconds=settings.PRINTER_SILENT_SECONDS))
    card = _card(
        _("Printers that stopped polling"),
        Count(numbers[LastSeen.STOPPED]),
        _("Not seen for %(silence)s or longer: check their power and network.") % {"silence": silence},
        _("Every printer that polled within the last 7 days is still polling."),
        _printers(LastSeen.STOPPED),
    )
    beside = [
        (LastSeen.GONE, _("%(n)s silent for more than 7 days")),
        (LastSeen.NEVER, _("%(n)s never seen")),
    ]
    links = [
        Link(words % {"n": Count(numbers[seen])}, _printers(seen)) for seen, words in beside if numbers[seen]
    ]
    return card._replace(beside=links)


def _card(title: str, count: Count, urgent: str, calm: str, address: str) -> Card:
    is_calm = count.number == 0
    if is_calm and count.is_more:
        calm = _("None among the last %(n)s failed checks.") % {"n": waiting_work.FAILURES_READ}
    return Card(title, str(count), is_calm, calm if is_calm else urgent, address, [])


def _checks(query: Mapping[str, str]) -> str:
    return f"{reverse('admin:checks_check_changelist')}?{urlencode(query)}"


def _printers(seen: LastSeen) -> str:
    return f"{reverse('admin:printers_printer_changelist')}?{urlencode({'seen': seen.value})}"

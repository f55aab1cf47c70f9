"""The queries behind the pages of a check, an order and a printer: each a fixed number."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from checks.admin.check.story import Happening, Record, Story, tell
from checks.domain.projection import COLUMNS
from checks.models import Check
from events.log import streams as log
from events.models import Event
from foundation.context import Actor
from foundation.ids import id_in
from order_systems.models import OrderSystem
from printers.models import Printer

WORKER_NAME = 12  # characters: RQ names its workers by 32 random ones
CHUNK = 500  # rows of a stream in memory


class Names(NamedTuple):
    """Who the actors of some events are, by their ids."""

    printers: dict[int, str]
    staff: dict[int, str]
    order_systems: dict[int, str]

    def in_words(self, actor: str) -> str:
        """Say who acted: `printer:3` becomes the name that the printer has today."""
        kind, _colon, name = actor.partition(":")
        number = id_in(name) or 0
        if kind == "printer":
            return _("printer %(name)s") % {"name": self.printers.get(number, name)}
        if kind == Actor.STAFF:
            return self.staff.get(number) or _("staff no. %(name)s") % {"name": name}
        if kind == "order_system":
            known = self.order_systems.get(number)
            return _("order system %(name)s") % {"name": known} if known else _("an order system")
        if kind == "worker":
            return _("worker %(name)s") % {"name": name[:WORKER_NAME]}
        return {"sweeper": _("the sweeper"), "command": _("a command")}.get(kind, actor)


def story_of(check: Check, *, until: int | None = None, window_end: int | None = None) -> Story:
    """Read a check's events and history records, all or up to a version, and keep the steps to be shown.

    Two queries, whose rows stream past.
    """
    events = log.timeline(check.pk)
    records = Check.history.filter(id=check.pk).order_by("version")
    if until is not None:
        events, records = events.filter(version__lte=until), records.filter(version__lte=until)
    with closing(records.values(*COLUMNS).iterator(chunk_size=CHUNK)) as streamed:
        return tell(_told(events), streamed, window_end=window_end)


def version_at(check: Check, until: datetime) -> int | None:
    """Return the check's newest version at that moment; None before there was any."""
    newest = log.timeline(check.pk).filter(occurred_at__lte=until).aggregate(newest=Max("version"))
    version: int | None = newest["newest"]
    return version


def record_at(check: Check, until: datetime) -> Record | None:
    """Return the history record that was the newest at that moment."""
    records = Check.history.filter(id=check.pk, history_date__lte=until)
    record: Record | None = records.order_by("-version").values(*COLUMNS).first()
    return record


def _told(events: QuerySet[Event]) -> Iterator[Happening]:
    for row in events.values_list(*Happening._fields).iterator(chunk_size=CHUNK):
        yield Happening(*row)


def names_of(actors: Iterable[str]) -> Names:
    """Read who these actors are. A query for each kind of actor that occurs, of printers, staff, systems."""
    ids: dict[str, set[int]] = {"printer": set(), Actor.STAFF: set(), "order_system": set()}
    for actor in actors:
        kind, _colon, name = actor.partition(":")
        if kind in ids and (number := id_in(name)) is not None:
            ids[kind].add(number)
    users = get_user_model().objects.filter(pk__in=ids[Actor.STAFF])
    systems = OrderSystem.objects.filter(pk__in=ids["order_system"])
    return Names(
        dict(Printer.objects.filter(pk__in=ids["printer"]).values_list("pk", "name")),
        {user.pk: user.get_full_name() or user.get_username() for user in users},
        dict(systems.values_list("pk", "name")),
    )


def stories_of(checks: list[Check]) -> list[tuple[Check, Story]]:
    """Read the events of all checks of an order, without their history. One query."""
    events = _told(Event.objects.filter(stream__in=checks).order_by("stream_id", "version"))
    stories = {check_id: tell(those) for check_id, those in groupby(events, key=attrgetter("stream_id"))}
    return [(check, stories.get(check.pk) or Story()) for check in checks]


def lives_of_order(order_id: int) -> list[tuple[Check, Story]]:
    """Read the checks of an order with their printers and events, without their history. Two queries."""
    checks = Check.objects.filter(order_id=order_id).defer("order", "order_salt").select_related("printer")
    return stories_of(list(checks.order_by("id")))

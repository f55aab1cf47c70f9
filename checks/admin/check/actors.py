"""The names of those who caused events."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from foundation.context import Actor
from foundation.ids import id_in
from order_systems.models import OrderSystem
from printers.models import Printer

WORKER_NAME_LENGTH = 12  # RQ names its workers by 32 random characters


class ActorNames(NamedTuple):
    """Today's names of printers, staff and order systems by their ids."""

    printers: dict[int, str]
    staff: dict[int, str]
    order_systems: dict[int, str]

    def in_words(self, actor: str) -> str:
        """Write an actor such as `printer:3` with its name."""
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
            return _("worker %(name)s") % {"name": name[:WORKER_NAME_LENGTH]}
        return {"sweeper": _("the sweeper"), "command": _("a command")}.get(kind, actor)


def names_of(actors: Iterable[str]) -> ActorNames:
    """Read the names of these actors: one query for each kind of actor among them."""
    ids: dict[str, set[int]] = {"printer": set(), Actor.STAFF: set(), "order_system": set()}
    for actor in actors:
        kind, _colon, name = actor.partition(":")
        number = id_in(name)
        if kind in ids and number is not None:
            ids[kind].add(number)
    users = get_user_model().objects.filter(pk__in=ids[Actor.STAFF])
    systems = OrderSystem.objects.filter(pk__in=ids["order_system"])
    return ActorNames(
        dict(Printer.objects.filter(pk__in=ids["printer"]).values_list("pk", "name")),
        {user.pk: user.get_full_name() or user.get_username() for user in users},
        dict(systems.values_list("pk", "name")),
    )

"""An evening in a small chain: what the pictures show, and what the browser's tests walk through."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from checks import services
from checks.models import Check
from dev.pictures.lives import Lives
from dev.pictures.orders import WORDS, Orders
from foundation.context import Actor
from order_systems.models import OrderSystem
from order_systems.services import create_token
from printers import presence
from printers.models import CheckType, Printer

ORDERS_A_DAY = 24
SILENT = "kitchen-3"  # the key of the printer that has stopped polling


def play(*, now: datetime, days: int, password: str) -> dict[str, int]:
    """Play the evening so that it has just happened, after so many ordinary days, into an empty database.

    Return the ids of the checks that something is to be seen on, by what that is, and the number of an order.
    """
    printers = _people_and_printers(now, password)
    scene = Scene(Lives(Random(11), printers), Orders(), now)  # noqa: S311 - nothing secret comes of it
    for day in range(days, 0, -1):
        scene.ordinary_day(now - timedelta(days=day))
    return scene.evening()


class Scene:
    """Lets orders come and meet their fates."""

    def __init__(self, lives: Lives, orders: Orders, now: datetime) -> None:
        self._lives, self._orders, self._now = lives, orders, now
        self._olga = Actor.staff(get_user_model().objects.get(username="olga").pk)
        self._reasons: dict[str, str] = WORDS["reasons"]

    def ordinary_day(self, ends: datetime) -> None:
        """Orders from noon to closing, one of them with a jam."""
        for number, point in zip(range(ORDERS_A_DAY), cycle((1, 2, 3, 1)), strict=False):
            at = ends - timedelta(minutes=25 * number)
            checks = self._lives.order(self._orders.next(point), at)
            if number == 5:
                kitchen = checks.pop(0)
                self._lives.render(kitchen, at + timedelta(seconds=1), alike=True)
                self._jam_and_reprint(kitchen, at)
            self._lives.live(checks, at, alike=True)

    def evening(self) -> dict[str, int]:
        """The last hours, with everything that can go wrong."""
        for minutes in range(300, 40, -13):
            checks, at = self._come((minutes // 13) % 3 + 1, minutes)
            self._lives.live(checks, at)
        troubles = dict(self._troubles())
        return {name: check.pk for name, check in troubles.items()} | {
            "reprinted_order": troubles["reprinted"].order_id
        }

    def _troubles(self) -> Iterator[tuple[str, Check]]:
        yield "slow", self._slow(38)
        yield "reprinted", self._reprinted(33)
        yield "not_rendered", self._not_rendered(27)
        yield "jammed", self._jammed(22)
        yield "given_up", self._given_up(19)
        self._unconfirmed(15, point=1)
        yield "unconfirmed", self._unconfirmed(9, point=2)
        yield "waiting", self._waiting(6)
        yield "printed", self._printed(4)
        yield "fetched", self._fetched(1)
        yield "new", self._come(2, 0.1)[0][0]

    def _come(self, point: int, minutes_ago: float) -> tuple[list[Check], datetime]:
        at = self._now - timedelta(minutes=minutes_ago)
        return self._lives.order(self._orders.next(point), at), at

    def _printed(self, minutes_ago: float) -> Check:
        checks, at = self._come(1, minutes_ago)
        self._lives.live(checks, at)
        return checks[0]

    def _slow(self, minutes_ago: float) -> Check:
        """The kitchen's printer fetches it after six minutes."""
        (kitchen, *others), at = self._come(1, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.4))
        self._lives.print(kitchen, at + timedelta(minutes=6, seconds=12))
        return kitchen

    def _jam_and_reprint(self, check: Check, at: datetime) -> None:
        self._lives.download(check, at + timedelta(seconds=3))
        self._lives.jam(check, at + timedelta(seconds=9), reason=self._reasons["paper"])
        self._lives.reprint(check, at + timedelta(minutes=2), reason=self._reasons["paper"], actor=self._olga)
        self._lives.print(check, at + timedelta(minutes=2, seconds=4))

    def _reprinted(self, minutes_ago: float) -> Check:
        """Nobody confirmed, the kitchen rang, Olga had it printed again."""
        (kitchen, *others), at = self._come(1, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.3))
        self._lives.lose(kitchen, at + timedelta(seconds=4))
        self._lives.reprint(
            kitchen, at + timedelta(minutes=4), reason=self._reasons["asked"], actor=self._olga
        )
        self._lives.print(kitchen, at + timedelta(minutes=4, seconds=3))
        return kitchen

    def _not_rendered(self, minutes_ago: float) -> Check:
        (kitchen, *others), at = self._come(3, minutes_ago)
        self._lives.live(others, at)
        self._lives.fail_to_render(kitchen, at, reason="timeout")
        return kitchen

    def _jammed(self, minutes_ago: float) -> Check:
        (kitchen, *others), at = self._come(2, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.5))
        self._lives.download(kitchen, at + timedelta(seconds=3))
        self._lives.jam(kitchen, at + timedelta(seconds=11), reason=self._reasons["jam"])
        return kitchen

    def _given_up(self, minutes_ago: float) -> Check:
        (kitchen, *others), at = self._come(3, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.5))
        services.mark_failed(
            check_id=kitchen.pk,
            reason=self._reasons["cancelled"],
            actor=self._olga,
            now=at + timedelta(minutes=2),
        )
        return kitchen

    def _unconfirmed(self, minutes_ago: float, *, point: int) -> Check:
        (kitchen, *others), at = self._come(point, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.4))
        self._lives.lose(kitchen, at + timedelta(seconds=3))
        return kitchen

    def _waiting(self, minutes_ago: float) -> Check:
        """Its printer has stopped polling."""
        (kitchen, *others), at = self._come(3, minutes_ago)
        self._lives.live(others, at)
        self._lives.render(kitchen, at + timedelta(seconds=0.4))
        return kitchen

    def _fetched(self, minutes_ago: float) -> Check:
        checks, at = self._come(1, minutes_ago)
        for check in checks:
            self._lives.render(check, at + timedelta(seconds=0.4))
            self._lives.download(check, at + timedelta(seconds=2))
        return checks[0]


def _people_and_printers(now: datetime, password: str) -> dict[int, Printer]:
    users = get_user_model().objects
    users.create_superuser("admin", password=password, first_name="", last_name="")
    for each in WORDS["staff"]:
        words = {name: each[name] for name in ("username", "first_name", "last_name")}
        user = users.create_user(password=password, is_staff=True, **words)
        user.groups.add(Group.objects.get(name=each["group"]))
    for name in WORDS["order_systems"]:
        system = OrderSystem.objects.create(name=name)
        create_token(order_system=system, actor=Actor.command(), now=now - timedelta(days=40))
    printers = [
        Printer.objects.create(**{**each, "check_type": CheckType(each["check_type"])})
        for each in WORDS["printers"]
    ]
    heard = {each.pk: now - timedelta(minutes=9 if each.api_key == SILENT else 0.1) for each in printers}
    presence.write(heard)
    return {printer.pk: printer for printer in printers}

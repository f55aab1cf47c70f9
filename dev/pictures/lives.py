"""What may become of a check, step by step through the services, each at its own moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from checks import services
from checks.models import Check
from checks.rendering.engine.renderer import get_renderer
from checks.rendering.files import pdf_name
from checks.rendering.produce import Rendering, produce
from checks.services.reprint import Reprinter
from foundation.context import Actor, correlation
from printers.models import Printer

WORKER = Actor.worker("3f0c2b7d9a41")


class Lives:
    """Creates the checks of orders, and leads them through their lives."""

    def __init__(self, random: Random, printers: Mapping[int, Printer]) -> None:
        self._random, self._printers = random, printers
        self._alike: dict[str, Rendering] = {}

    @contextmanager
    def _request(self) -> Iterator[None]:
        """Give the events of the block a correlation id that is the same every time."""
        with correlation(UUID(int=self._random.getrandbits(128), version=4)):
            yield

    def order(self, order: Mapping[str, Any], at: datetime) -> list[Check]:
        with self._request():
            return services.create_checks(order=order, actor=Actor.order_system(1), now=at)

    def render(self, check: Check, at: datetime, *, alike: bool = False) -> None:
        """Render it; `alike` takes the first document of its type for all, which is faster."""
        with self._request():
            services.record_render(
                check_id=check.pk,
                rendering=self._rendering(check, alike=alike),
                shared_with=None,
                actor=WORKER,
                now=at,
            )

    def _rendering(self, check: Check, *, alike: bool) -> Rendering:
        known = self._alike.get(check.type) if alike else None
        made = known or produce(order_id=check.order_id, check_type=check.type, order=check.order)
        self._alike.setdefault(check.type, made)
        command = replace(made.command, file=pdf_name(check.order_id, check.type), ms=made.command.ms)
        return replace(made, command=command)

    def fail_to_render(self, check: Check, at: datetime, *, reason: str) -> None:
        """All attempts fail, with the pauses between them."""
        for after in (20, 41, 66, 101):
            with self._request():
                services.record_render_failure(
                    check_id=check.pk,
                    reason=reason,
                    ms=20_000,
                    permanent=False,
                    actor=WORKER,
                    now=at + timedelta(seconds=after),
                )

    def download(self, check: Check, at: datetime) -> None:
        with self._request():
            services.download_check(printer=self._printer(check), check_id=check.pk, now=at)

    def confirm(self, check: Check, at: datetime) -> None:
        with self._request():
            services.confirm_print(printer=self._printer(check), check_id=check.pk, now=at)

    def jam(self, check: Check, at: datetime, *, reason: str) -> None:
        with self._request():
            services.report_failure(printer=self._printer(check), check_id=check.pk, reason=reason, now=at)

    def lose(self, check: Check, at: datetime) -> None:
        """Fetch it and never confirm, until the lease has run out."""
        self.download(check, at)
        with self._request():
            services.expire_lease(check_id=check.pk, now=at + timedelta(seconds=125))

    def reprint(self, check: Check, at: datetime, *, reason: str, actor: Actor) -> None:
        """Have it offered once more, on paper that says that it is a copy."""
        with self._request():
            Reprinter(get_renderer()).reprint(check_id=check.pk, reason=reason, actor=actor, now=at)

    def print(self, check: Check, at: datetime) -> None:
        """Fetch it and confirm, as printers do all day."""
        self.download(check, at)
        if self._printer(check).delivery != "download":
            self.confirm(check, at + timedelta(seconds=self._random.uniform(1.5, 6)))

    def live(self, checks: list[Check], at: datetime, *, alike: bool = False) -> None:
        """Let an order's checks be printed without trouble."""
        for check in checks:
            rendered = at + timedelta(seconds=self._random.uniform(0.1, 0.6))
            self.render(check, rendered, alike=alike)
            self.print(check, rendered + timedelta(seconds=self._random.uniform(0.5, 5)))

    def _printer(self, check: Check) -> Printer:
        return self._printers[check.printer_id]

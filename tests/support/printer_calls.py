"""Fixtures of the API: checks that a printer can take."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from checks import services
from checks.jobs.render import render as run_render
from checks.models import Check
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.fakes import FakeRenderer


@pytest.fixture
def kitchen(created: list[Check]) -> Check:
    """The kitchen's check of the example order, for the printer of key1, not rendered."""
    return created[0]


@pytest.fixture
def rendered_for(
    printers: dict[str, Printer], order: dict[str, Any], fake_renderer: FakeRenderer
) -> Callable[..., Check]:
    """Make the checks of an order at this printer's point, render them, and give the printer's own."""

    def make(api_key: str, order_id: int = 123456) -> Check:
        printer = printers[api_key]
        sent = {**order, "id": order_id, "point_id": printer.point_id}
        checks = services.create_checks(order=sent, actor=Actor.order_system(), now=NOW)
        for check in checks:
            run_render(check.order_id, check.type, str(uuid4()))
            check.refresh_from_db()
        return next(check for check in checks if check.printer_id == printer.pk)

    return make


@pytest.fixture
def rendered(rendered_for: Callable[..., Check]) -> Check:
    """The kitchen's check of the example order, ready for the printer of key1, which confirms."""
    return rendered_for("key1")

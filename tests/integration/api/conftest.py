"""Fixtures for the six calls."""

from typing import Any
from uuid import uuid4

import pytest

from checks import jobs
from checks.models import Check
from tests.fakes import FakeRenderer


@pytest.fixture
def kitchen(created: list[Check]) -> Check:
    """The kitchen's check of the example order, for the printer of key1, not rendered."""
    return created[0]


@pytest.fixture
def rendered(kitchen: Check, fake_renderer: FakeRenderer) -> Check:
    """The kitchen's check, ready for the printer of key1, which confirms."""
    render(kitchen)
    return kitchen


@pytest.fixture
def rendered_of(printers: Any, order: dict[str, Any], fake_renderer: FakeRenderer) -> Any:
    """Make the checks of an order at some point, render them, and give the one of this printer."""

    def make(api_key: str, order_id: int = 777) -> Check:
        printer = printers[api_key]
        return make_rendered({**order, "id": order_id, "point_id": printer.point_id}, printer.pk)

    return make


def make_rendered(order: dict[str, Any], printer_id: int) -> Check:
    from checks import services
    from events.context import Actor
    from tests.conftest import NOW

    checks = services.create_checks(order=order, actor=Actor.order_system(), now=NOW)
    for check in checks:
        render(check)
    return next(check for check in checks if check.printer_id == printer_id)


def render(check: Check) -> None:
    """Do the worker's part, and bring the object up to date."""
    jobs.render(check.order_id, check.type, str(uuid4()))
    check.refresh_from_db()

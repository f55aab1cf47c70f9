"""Checks, whatever is done to them in whatever order …"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from checks.rendering.engine import renderer
from foundation.context import Actor
from order_systems.services import NewToken
from printers.models import Printer
from tests.integration.checks.state_machine.machine import CheckMachine
from tests.integration.checks.state_machine.model import PRINTERS
from tests.integration.checks.state_machine.world import NumberedRenderer, World
from tests.support.profiles import examples


@pytest.fixture
def world(
    printers: dict[str, Printer],
    staff: Actor,
    token: NewToken,
    redis: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    numbered = NumberedRenderer()
    world = World(printers=printers, staff=staff, token=token.secret, redis=redis, renderer=numbered)
    monkeypatch.setattr(renderer, "_make_renderer", lambda timeout: numbered)
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    logging.disable(logging.CRITICAL)  # pytest would keep every line of every run
    yield world
    logging.disable(logging.NOTSET)


def test_they_become_what_the_model_says(world: World) -> None:
    run_state_machine_as_test(
        lambda: CheckMachine(world),
        settings=settings(max_examples=examples(25, 2000), stateful_step_count=40),
    )


def test_they_are_modelled_with_the_printers_that_there_are(printers: dict[str, Printer]) -> None:
    """The model has them by heart, all three kinds of delivery among them."""
    there = {key: (each.point_id, each.check_type, each.delivery) for key, each in printers.items()}

    assert there == PRINTERS
    assert {delivery for _, _, delivery in PRINTERS.values()} == {"download", "confirm", "resend"}

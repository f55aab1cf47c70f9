"""Fixtures of the feed: a program that may read the log, and settled events."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from events.api.tokens import NewReaderToken, create_token
from events.models import Event
from foundation.context import Actor
from tests.conftest import NOW
from tests.support.helpers import record_render, wait_until_settled

EVENTS = "/events/"
Ask = Callable[..., Any]


@pytest.fixture
def reader(db: None) -> NewReaderToken:
    return create_token(name="Хранилище", actor=Actor.command(), now=NOW)


@pytest.fixture
def ask(api: Client, reader: NewReaderToken) -> Ask:
    """Ask for a page as a program does."""

    def ask(accept: str = "application/json", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {reader.secret}", "Accept": accept}
        return api.get(EVENTS, query, headers=headers)

    return ask


@pytest.fixture
def settled(created: list[Check]) -> list[Event]:
    """Four settled events of two checks, in the order of the feed."""
    record_render(now=NOW)
    record_render("client", now=NOW)
    wait_until_settled()
    return list(Event.objects.order_by("tx_id", "id"))

"""The service with something to find in it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from events.api.tokens import create_token
from foundation.context import Actor
from order_systems.services import NewToken
from tests.conftest import NOW
from tests.integration.contract.seeds import Seeds, seed_checks


@pytest.fixture
def seeds(printers: Any, order: Any, fake_renderer: Any, redis: Any, token: NewToken) -> Seeds:
    """Checks that requests can find: rendered ones, and some that the printer has downloaded."""
    reader = create_token(name="Хранилище", actor=Actor.command(), now=NOW)
    return seed_checks(order, token.secret, reader.secret)


@pytest.fixture(autouse=True)
def _imported(_test_settings: None, django_db_setup: None, django_db_blocker: Any) -> None:
    """Import the application before the test's transaction: it closes the connection that it looks with."""
    with django_db_blocker.unblock():
        import forfar.wsgi  # noqa: F401


@pytest.fixture(autouse=True)
def _in_the_tests_own_transaction() -> Iterator[None]:
    """Keep requests from closing the connection, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _without_thousands_of_lines() -> Iterator[None]:
    """Log nothing: every refused request is a line."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)

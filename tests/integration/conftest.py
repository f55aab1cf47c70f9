"""The roles beside the owner, and the file of seals, for tests of several folders."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.support.log_readers import ask, reader, settled
from tests.support.printer_calls import kitchen, rendered, rendered_for
from tests.support.staff_pages import check, staff_client
from tests.support.writers import another_writer, new_writer

__all__ = [  # fixtures
    "another_writer",
    "ask",
    "check",
    "kitchen",
    "new_writer",
    "reader",
    "rendered",
    "rendered_for",
    "settled",
    "staff_client",
]


@contextmanager
def session_of(role: str) -> Iterator[None]:
    """Be this role, which a superuser's connection can; what it may do, the server decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() != ("on",):
            pytest.skip("only a superuser becomes another role")
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


@pytest.fixture
def app_role(db: None) -> str:
    """The application's role as the command makes it, gone with the test's transaction."""
    role = f"forfar_app_{os.getpid()}"
    call_command("grant_roles", app_role=role, verbosity=0)
    return role


@pytest.fixture
def as_app(app_role: str) -> Callable[[], Any]:
    """Give a block in which this connection is the application's."""
    return lambda: session_of(app_role)


@pytest.fixture
def analyst_role(db: None) -> str:
    """The analysts' role as the command makes it, gone with the test's transaction."""
    role = f"forfar_analyst_{os.getpid()}"
    call_command("grant_roles", analyst_role=role, verbosity=0)
    return role


@pytest.fixture
def as_analyst(analyst_role: str) -> Callable[[], Any]:
    """Give a block in which this connection is an analyst's."""
    return lambda: session_of(analyst_role)


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    """The file of seals, which is not there yet."""
    settings.SEAL_FILE = str(tmp_path / "seals.jsonl")
    return Path(settings.SEAL_FILE)

"""Fixtures of the admin: somebody who is logged in, and a check to look at."""

from typing import Any

import pytest
from django.test import Client

from checks.models import Check
from tests.conftest import NOW
from tests.support.helpers import record_render


@pytest.fixture
def staff_client(admin_user: Any) -> Client:
    client = Client()
    client.force_login(admin_user)
    client.get("/admin/")  # the first page after a login writes the session
    return client


@pytest.fixture
def check(created: list[Check]) -> Check:
    """The kitchen's check of the example order, rendered; the client's stays new."""
    record_render(now=NOW)
    return created[0]

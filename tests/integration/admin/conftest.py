from typing import Any

import pytest
from django.test import Client

from checks import services
from checks.models import Check
from tests.conftest import NOW
from tests.integration.test_deliver import RENDER, WORKER


@pytest.fixture
def staff_client(admin_user: Any) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


@pytest.fixture
def check(created: list[Check]) -> Check:
    """The kitchen's check of the example order, rendered; the client's stays new."""
    services.record_render(order_id=123456, check_type="kitchen", render=RENDER, actor=WORKER, now=NOW)
    return created[0]

"""The week of story.py, with its summaries computed."""

from typing import Any

import pytest
from django.utils import timezone

from checks.models import Check
from foundation.context import Actor
from readers.analytics import summaries
from tests.integration.readers.analytics.story import Week, tell


@pytest.fixture
def week(printers: Any, staff: Actor) -> Week:
    """A week of orders. It is not settled before the test ends, so the summaries are told of it."""
    week = Week(printers, staff)
    tell(week)
    ids = Check.objects.values_list("pk", flat=True)
    summaries.write(summaries.compute(ids, now=timezone.now(), zone=timezone.get_default_timezone()))
    return week
